//! One connection and the mails that go over it, knowing at every instant how far the server was told.

use std::io;
use std::time::Duration;

use tokio::time::error::Elapsed;
use tokio::time::timeout;

use super::abilities::Abilities;
use super::body::Stuffing;
use super::envelope::Envelope;
use super::fault;
use super::open::Opened;
use super::wire::{Reply, Wire};
use crate::mail::{BounceKind, dsn, own_trouble};
use crate::send::ending::{Ending, Fault, Throttle};
use crate::send::resend::Resend;
use crate::store::outbox::Claimed;

const DATA: &str = "DATA\r\n";
/// A body goes out in pieces of this size, each of which must get through within the time-out.
const PIECE: usize = 64 * 1024;
/// RFC 5321 §4.5.3.2 wants twice the patience for the answer to the final dot (10 minutes) that it wants for `MAIL FROM`
/// (5 minutes): a server delivers in that time, and giving up too early makes duplicates.
const PATIENCE: u32 = 2;
/// A polite goodbye is not worth waiting for.
const GOODBYE: Duration = Duration::from_secs(2);

/// A connection that is open and logged in.
pub(super) struct Session {
    wire: Wire,
    abilities: Abilities,
    limit: Duration,
    /// Mails offered on it.
    mails: u32,
    usable: bool,
}

/// How offering a mail to a session ended.
pub(super) enum Sent {
    Ended(Ending),
    /// The connection had been used before and turned out to be dead at the first word: the mail was not offered.
    Stale,
}

/// Where in the exchange of one mail something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Mail,
    Rcpt,
    Data,
    Dot,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Mail => "MAIL FROM",
            Self::Rcpt => "RCPT TO",
            Self::Data => "DATA",
            Self::Dot => "the mail",
        }
    }
}

/// Why a step did not go through.
enum Setback {
    /// A clear negative reply.
    No(Step, Reply),
    /// Cut, silent or unintelligible.
    Broken(Step, String),
}

impl Session {
    pub(super) fn new(opened: Opened, limit: Duration) -> Self {
        Self { wire: opened.wire, abilities: opened.abilities, limit, mails: 0, usable: true }
    }

    /// Whether another mail may be offered.
    pub(super) fn usable(&self) -> bool {
        self.usable && self.wire.is_quiet()
    }

    /// Mails offered so far.
    pub(super) fn mails(&self) -> u32 {
        self.mails
    }

    /// Offers one mail. Afterwards [`Self::usable`] tells whether the connection can go on.
    pub(super) async fn send(&mut self, mail: &Claimed, resend: Option<Resend<'_>>) -> Sent {
        let envelope = match Envelope::new(mail, &self.abilities) {
            Ok(envelope) => envelope,
            Err(ending) => return Sent::Ended(ending),
        };
        let reused = self.mails > 0;
        self.mails += 1;
        match self.offer(&envelope).await {
            Ok(()) => match begun(resend).await {
                Ok(()) => Sent::Ended(self.body(&mail.bytes).await),
                Err(ending) => {
                    // The server waits for a text that it does not get.
                    self.usable = false;
                    Sent::Ended(ending)
                }
            },
            Err(setback) => {
                self.usable = self.usable && self.reset(&setback).await;
                match setback {
                    Setback::Broken(Step::Mail, _) if reused => Sent::Stale,
                    // "Idle for too long", said before we spoke.
                    Setback::No(Step::Mail, Reply { code: 421, .. }) if reused => Sent::Stale,
                    setback => Sent::Ended(setback.into_ending()),
                }
            }
        }
    }

    /// `MAIL FROM`, `RCPT TO`, `DATA`: in one go where the server has PIPELINING.
    async fn offer(&mut self, envelope: &Envelope) -> Result<(), Setback> {
        if !self.abilities.pipelining {
            self.ask(Step::Mail, &envelope.mail).await?;
            self.ask(Step::Rcpt, &envelope.rcpt).await?;
            return self.ask(Step::Data, DATA).await;
        }
        let all = format!("{}{}{DATA}", envelope.mail, envelope.rcpt);
        let mut ended = self.ask(Step::Mail, &all).await;
        for step in [Step::Rcpt, Step::Data] {
            if matches!(ended, Err(Setback::Broken(..))) {
                return ended;
            }
            let reply = timeout(self.limit, self.wire.reply()).await;
            let answer = self.judge(step, reply);
            if ended.is_ok() {
                ended = answer;
            } else if answer.is_ok() && step == Step::Data {
                // It wants the text of a mail that it refused (RFC 2920 §3.1): better a new connection.
                self.usable = false;
            }
        }
        ended
    }

    async fn ask(&mut self, step: Step, lines: &str) -> Result<(), Setback> {
        let reply = timeout(self.limit, self.wire.ask(lines.as_bytes())).await;
        self.judge(step, reply)
    }

    fn judge(&mut self, step: Step, reply: Result<io::Result<Reply>, Elapsed>) -> Result<(), Setback> {
        let setback = match reply {
            Ok(Ok(reply)) => match (step, reply.code) {
                // Only DATA may be answered with a 3xx (RFC 5321 §4.3.2), and with nothing better.
                (Step::Data, 354) | (Step::Mail | Step::Rcpt | Step::Dot, 200..=299) => return Ok(()),
                (_, 400..) => Setback::No(step, reply),
                (_, code) => Setback::Broken(step, format!("the server answered {} with {code}", step.name())),
            },
            Ok(Err(error)) => Setback::Broken(step, fault::failed(step.name(), &error)),
            Err(_) => Setback::Broken(step, self.silent(step)),
        };
        // After 421 the server closes (RFC 5321 §3.8).
        if matches!(setback, Setback::Broken(..) | Setback::No(_, Reply { code: 421, .. })) {
            self.usable = false;
        }
        Err(setback)
    }

    /// Ends a refused transaction so that the next can begin; whether that worked.
    async fn reset(&mut self, setback: &Setback) -> bool {
        match setback {
            Setback::No(Step::Mail, _) => true,
            Setback::No(..) => {
                matches!(timeout(self.limit, self.wire.ask(b"RSET\r\n")).await, Ok(Ok(reply)) if reply.is_positive())
            }
            Setback::Broken(..) => false,
        }
    }

    /// The text of the mail and the final dot.
    async fn body(&mut self, bytes: &[u8]) -> Ending {
        let mut text = Stuffing::default();
        for piece in bytes.chunks(PIECE) {
            let error = match timeout(self.limit, self.wire.write(text.stuffed(piece))).await {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => fault::failed(Step::Dot.name(), &error),
                Err(_) => self.silent(Step::Dot),
            };
            self.usable = false;
            return self.last_words().await.unwrap_or(Ending::Broken { error });
        }
        // From here on the dot may be on its way, which is why it goes by itself: what failed before was certainly not sent.
        let reply = timeout(self.limit * PATIENCE, self.wire.ask(text.end())).await;
        match self.judge(Step::Dot, reply) {
            Ok(()) => Ending::Sent,
            Err(Setback::Broken(_, error)) => Ending::Lost { error },
            Err(setback @ Setback::No(..)) => setback.into_ending(),
        }
    }

    fn silent(&self, step: Step) -> String {
        format!("no answer within {:?} to {}", self.limit, step.name())
    }

    /// A server that cuts a mail short often says why (552 too large, 421).
    async fn last_words(&mut self) -> Option<Ending> {
        let reply = timeout(self.limit.min(GOODBYE), self.wire.reply()).await;
        match self.judge(Step::Dot, reply) {
            Err(Setback::No(step, reply)) => Some(Setback::No(step, reply).into_ending()),
            Ok(()) | Err(Setback::Broken(..)) => None,
        }
    }

    /// Says goodbye and closes.
    pub(super) async fn quit(mut self) {
        if self.usable {
            let _ = timeout(self.limit.min(GOODBYE), self.wire.ask(b"QUIT\r\n")).await;
        }
    }
}

/// Puts on record that a second copy goes out, as late as it can be: whoever dies before has not resent it.
async fn begun(resend: Option<Resend<'_>>) -> Result<(), Ending> {
    let Some(resend) = resend else { return Ok(()) };
    resend.begin().await.map_err(|error| {
        let error = format!("the database cannot take that the mail is resent: {error:#}");
        Ending::NotTried { error, fault: Fault::Passing }
    })
}

impl Setback {
    fn into_ending(self) -> Ending {
        match self {
            Self::Broken(_, error) => Ending::Broken { error },
            Self::No(step, reply) => {
                let error = format!("{} (answer to {})", reply.text(), step.name());
                match reply.code {
                    // RFC 4954 §6: the server wants a login, or a better one. The mail is not to blame.
                    530 | 534 | 535 | 538 => Ending::NotTried { error, fault: Fault::Lasting },
                    _ if is_too_large(step, &reply) => Ending::TooLarge { error },
                    500..=599 if own_trouble(&error).is_some_and(|own| own.passes) => {
                        Ending::Deferred { throttle: Throttle::No, error }
                    }
                    400..=499 => Ending::Deferred { throttle: throttle(step, &reply), error },
                    _ => Ending::Refused { blame: blame(step, &reply), error },
                }
            }
        }
    }
}

/// What a 5xx says of the address: by the rule for delivery reports, as the same server's report would say the same. Answers
/// to `MAIL FROM` and `DATA` come before or beside the recipient, and what a server has against us is not about it.
fn blame(step: Step, reply: &Reply) -> Option<BounceKind> {
    let is_about_us = own_trouble(&reply.text()).is_some();
    (matches!(step, Step::Rcpt | Step::Dot) && !is_about_us).then(|| dsn::refusal(&reply.text()))
}

/// Whether a server takes no mail of this size: RFC 1870 (552), RFC 3463 (5.3.4, 5.2.3). 5.2.2 is a full mailbox, and so is a 552
/// to a recipient. Gmail says 552 5.7.0 to files that it does not like.
fn is_too_large(step: Step, reply: &Reply) -> bool {
    let code = reply.lines.first().and_then(|line| line.split(' ').next()).unwrap_or_default();
    matches!(code, "5.3.4" | "5.2.3") || reply.code == 552 && step != Step::Rcpt && code != "5.2.2"
}

/// Whether a 4xx is about the number of connections. Exchange Online has a code of its own (432), others say it in words only.
fn is_about_connections(reply: &Reply) -> bool {
    let words = reply.text().to_ascii_lowercase();
    reply.code == 432
        || ["too many connections", "too many concurrent", "too many simultaneous", "concurrent connections"]
            .iter()
            .any(|phrase| words.contains(phrase))
}

/// Whether a 4xx speaks about our rate: 421 always; 4.7.x (policy: Gmail, Exchange Online) and 4.3.2 (Exchange Online's
/// submission limits) of 45x. About a single recipient 4.7.x is more often greylisting.
fn throttle(step: Step, reply: &Reply) -> Throttle {
    if is_about_connections(reply) {
        return Throttle::Connections;
    }
    let text = reply.lines.first().map_or("", String::as_str);
    let limits = matches!(reply.code, 450..=452) && (text.starts_with("4.7.") || text.starts_with("4.3.2"));
    match (reply.code, step) {
        (421, _) => Throttle::Yes,
        (_, Step::Rcpt) if limits => Throttle::Perhaps,
        _ if limits => Throttle::Yes,
        _ => Throttle::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ending(step: Step, code: u16, text: &str) -> Ending {
        Setback::No(step, Reply { code, lines: vec![text.to_owned()] }).into_ending()
    }

    #[test]
    fn replies_are_sorted_by_what_they_blame() {
        let throttled = |ending| match ending {
            Ending::Deferred { throttle, .. } => throttle,
            other => panic!("{other:?}"),
        };
        assert_eq!(throttled(ending(Step::Mail, 421, "4.3.2 closing")), Throttle::Yes);
        assert_eq!(throttled(ending(Step::Rcpt, 450, "4.7.1 greylisted")), Throttle::Perhaps);
        assert_eq!(throttled(ending(Step::Dot, 451, "4.7.500 server busy")), Throttle::Yes);
        assert_eq!(throttled(ending(Step::Rcpt, 450, "4.2.1 mailbox busy")), Throttle::No);
        assert_eq!(throttled(ending(Step::Dot, 452, "4.3.1 disk full")), Throttle::No);
        assert_eq!(
            ending(Step::Rcpt, 550, "5.1.1 unknown"),
            Ending::Refused { error: "550 5.1.1 unknown (answer to RCPT TO)".into(), blame: Some(BounceKind::Hard) }
        );
        let blamed = |step, code, text| match ending(step, code, text) {
            Ending::Refused { blame, .. } => blame,
            other => panic!("{other:?}"),
        };
        assert_eq!(blamed(Step::Rcpt, 553, "5.1.2 no such domain"), Some(BounceKind::Hard));
        assert_eq!(blamed(Step::Rcpt, 550, "no such user here"), Some(BounceKind::Hard));
        assert_eq!(blamed(Step::Dot, 550, "5.1.1 unknown"), Some(BounceKind::Hard));
        assert_eq!(blamed(Step::Rcpt, 550, "5.7.1 blocked by policy"), Some(BounceKind::Soft));
        assert_eq!(blamed(Step::Dot, 554, "5.7.1 message looks like spam"), Some(BounceKind::Soft));
        assert_eq!(blamed(Step::Mail, 550, "5.1.1 unknown"), None, "about the sender");
        assert_eq!(blamed(Step::Data, 554, "5.5.1 no valid recipients"), None);
        for (step, code, text) in [
            (Step::Mail, 552, "5.3.4 Message size exceeds fixed limit"),
            (Step::Dot, 552, "5.3.4 Message size exceeds file system imposed limit"),
            (Step::Dot, 552, "message too large"),
            (Step::Dot, 554, "5.3.4 too big"),
            (Step::Rcpt, 550, "5.2.3 larger than the recipient may receive"),
            (Step::Dot, 552, "5.7.0 This message was blocked because its content presents a potential security issue"),
        ] {
            assert!(matches!(ending(step, code, text), Ending::TooLarge { .. }), "{code} {text}");
        }
        assert_eq!(blamed(Step::Rcpt, 552, "5.2.2 mailbox full"), Some(BounceKind::Soft));
        assert_eq!(blamed(Step::Dot, 552, "5.2.2 mailbox full"), Some(BounceKind::Soft));
        for (code, text) in [
            (432, "4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded"),
            (421, "4.7.0 mx.test Error: too many connections from 192.0.2.1"),
            (451, "4.7.1 Too many concurrent connections"),
        ] {
            assert_eq!(throttled(ending(Step::Mail, code, text)), Throttle::Connections, "{text}");
        }
        assert!(matches!(
            ending(Step::Mail, 530, "5.7.0 authentication required"),
            Ending::NotTried { fault: Fault::Lasting, .. }
        ));
    }
}
