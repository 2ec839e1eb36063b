//! What may happen next.

use std::rc::Rc;

use caseway::desk::command::table::rows;
use caseway::desk::event::Event;
use caseway::desk::form::task::Answered;
use caseway::desk::id::TicketId;
use caseway::desk::inbound::page::PortalEvent;
use caseway::desk::inbound::sent::{Failure, FailureCause};
use caseway::desk::notice::post::Post;
use caseway::desk::seal::link::LinkPurpose;
use caseway::desk::ticket::Status;
use jiff::SignedDuration;
use rand::Rng;

use crate::check::Sound;
use crate::life::{Deed, Life, mark};
use crate::mails::{Draft, Says, report};
use crate::model::Sending;
use crate::rules::ENGINEERS;
use crate::said::{ANSWERS, CUSTOMERS, REQUESTS, SUPPORT};

impl Life<'_> {
    /// One thing happens.
    pub fn step(&mut self) -> Sound {
        match self.random.random_range(0..100) {
            0..22 => self.ask(),
            22..52 => self.answer(),
            52..58 => self.attack(),
            58..62 => self.send_again(),
            62..66 => self.hand_on(),
            66..78 => self.time(),
            78..86 => self.answer_everything()?,
            86..92 => self.page()?,
            92..94 => self.close()?,
            94..97 => self.come_back(),
            97..98 => self.leave(),
            _ => self.loop_with_a_robot()?,
        }
        if self.chance(4) {
            return Ok(());
        }
        self.process()?;
        self.carry_out()?;
        self.send()
    }

    fn id(&mut self) -> String {
        format!("{:x}@client.test", self.random.random::<u64>())
    }

    fn next_mark(&self) -> String {
        mark(i64::try_from(self.model.ledger.len()).unwrap() + 1)
    }

    fn says(&mut self) -> Says {
        *self.pick(&[Says::Pass, Says::Pass, Says::Pass, Says::Nothing, Says::Watched, Says::Disowned])
    }

    /// It comes to the mailbox that it is addressed to.
    fn arrive(&mut self, draft: &Draft) {
        let to = format!("{} {}", draft.to, draft.cc);
        let mailboxes = &self.rules.config.mailboxes;
        let named = mailboxes.values().find(|mailbox| {
            let local = mailbox.address.split('@').next().unwrap_or_default();
            to.contains(&mailbox.address) || to.contains(&format!("{local}+"))
        });
        let mailbox = named.map_or("support", |mailbox| mailbox.name.as_str()).to_owned();
        self.receive(&mailbox, &draft.bytes(self.now));
    }

    /// Somebody asks for something new.
    fn ask(&mut self) {
        let robot = self.chance(12);
        let from = if robot { "Shop <shop@robots.test>" } else { self.pick(&CUSTOMERS) };
        let (to, subject, words) = *self.pick(&REQUESTS);
        let id = self.id();
        let mark = self.next_mark();
        let mut draft = Draft::new(from, to, id);
        draft.subject = format!("{subject} {mark}");
        draft.body = format!("{words}\n\n{mark}");
        draft.says = self.says();
        match self.random.random_range(0..12) {
            0 => draft.cc = "jim@customer.test".to_owned(),
            1 => draft.cc = "carol@desk.test, maria@other.test".to_owned(),
            2 => draft.cc = "sales@example.test".to_owned(),
            3 => draft.headers.push("Reply-To: maria@other.test".to_owned()),
            4 => draft.headers.push("X-Spam-Flag: YES".to_owned()),
            5 => draft.from = ENGINEERS[0].0.to_owned(),
            _ => {}
        }
        if robot {
            draft.headers.push("Auto-Submitted: auto-generated".to_owned());
        }
        self.arrive(&draft);
    }

    /// A letter in somebody's mailbox.
    fn letter(&mut self) -> Option<Rc<Post>> {
        if self.delivered.is_empty() {
            return None;
        }
        // The last ones matter most.
        let count = self.delivered.len();
        let newest = count.saturating_sub(5);
        let at =
            if self.chance(4) { self.random.random_range(0..count) } else { self.random.random_range(newest..count) };
        Some(self.model.outbox[self.delivered[at]].post.clone())
    }

    /// The reader of a letter answers it, or their machine does.
    fn answer(&mut self) {
        let Some(post) = self.letter() else { return self.ask() };
        let engineer = self.model.engineers.contains_key(&post.person);
        let mut draft = self.answer_to(&post);
        if engineer {
            self.as_engineer(&mut draft);
        } else if self.chance(10) {
            draft.from = "Jane Doe <jane+home@customer.test>".to_owned();
        }
        match self.random.random_range(0..16) {
            0 => draft.headers.push("Auto-Submitted: auto-replied".to_owned()),
            1 => draft.cc = "jim@customer.test".to_owned(),
            2 => draft.to = SUPPORT.to_owned(),
            3 => draft.answers.clear(),
            4 => {
                draft.cc = post
                    .letter
                    .cc
                    .iter()
                    .chain(&post.letter.to)
                    .map(|it| it.email.clone())
                    .collect::<Vec<_>>()
                    .join(", ")
            }
            5 => draft.headers.push("Content-Disposition: reaction".to_owned()),
            _ => {}
        }
        self.arrive(&draft);
    }

    fn answer_to(&mut self, post: &Post) -> Draft {
        let letter = &post.letter;
        let id = self.id();
        let mark = self.next_mark();
        let from = format!("{} <{}>", post.recipient.name, post.recipient.email);
        let mut draft = Draft::new(&from, &letter.reply_to.email, id);
        draft.subject = format!("Re: [{}] {}", letter.vars.case_id, letter.vars.subject);
        draft.answers = letter.references.iter().cloned().chain([letter.message_id.clone()]).collect();
        draft.says = self.says();
        let words = *self.pick(&ANSWERS);
        let link = if self.taste.plain { "" } else { &letter.vars.link.url };
        draft.body = format!(
            "{words}\n{mark}\n\nOn Mon, 2 Mar 2026, {} <{}> wrote:\n> {}\n> {link}\n> Answer to {} {}\n",
            letter.from.name,
            letter.from.email,
            letter.vars.words.replace('\n', "\n> "),
            letter.reply_to.email,
            letter.vars.note_address
        );
        draft
    }

    /// Words or commands, as engineers write them.
    fn as_engineer(&mut self, draft: &mut Draft) {
        let mark = self.next_mark();
        let answered = draft.body.clone();
        if self.chance(3) {
            let mut lines = Vec::new();
            for _ in 0..self.random.random_range(1..3) {
                lines.push(self.pick(&rows().collect::<Vec<_>>()).example.to_owned());
            }
            let words = if self.chance(2) { format!("\nPlease try it again. {mark}") } else { String::new() };
            draft.body = format!("{}{words}\n", lines.join("\n"));
        } else if !self.chance(6) {
            draft.body = format!("Hello,\nplease restart it and tell me what it says. {mark}\n");
        }
        if self.chance(3) {
            self.among_engineers(draft, &answered);
        }
        if !self.chance(4) {
            draft.says = Says::Pass;
        }
    }

    /// A note, or what is written around one: by command, by address, with its words quoted above the answer.
    fn among_engineers(&mut self, draft: &mut Draft, answered: &str) {
        let address = answered.split_whitespace().find(|word| word.contains("+note-")).map(str::to_owned);
        match (self.random.random_range(0..5), address) {
            (0 | 1, _) => draft.body = format!("#note\n{}", draft.body),
            (2, Some(address)) => draft.to = address,
            (3, Some(address)) => draft.cc = address,
            (_, _) => {
                let (own, quoted) = answered.split_once("wrote:").unwrap_or((answered, ""));
                let own = own.lines().next().unwrap_or_default();
                let mark = self.next_mark();
                draft.body = format!("#publish\n{}\n\n{own} {mark}\n", quoted.trim());
            }
        }
    }

    /// Somebody uses what is not theirs: another's letter, a case number, an engineer's name.
    fn attack(&mut self) {
        let Some(post) = self.letter() else { return self.ask() };
        let mut draft = self.answer_to(&post);
        match self.random.random_range(0..5) {
            0 => draft.from = "Eve <eve@evil.test>".to_owned(),
            1 => {
                (draft.from, draft.to) = ("Eve <eve@evil.test>".to_owned(), SUPPORT.to_owned());
                draft.answers.clear();
            }
            2 => {
                draft.from = format!("{} <{}>", ENGINEERS[0].1, ENGINEERS[0].0);
                draft.body = format!("#approve\n#set email eve@evil.test\n{}", draft.body);
                draft.says = *self.pick(&[Says::Nothing, Says::Watched, Says::Disowned]);
            }
            3 => draft.from = (*self.pick(&CUSTOMERS)).to_owned(),
            _ => {
                draft.headers.push("From: Jane Doe <jane@customer.test>".to_owned());
                draft.from = "Eve <eve@evil.test>".to_owned();
            }
        }
        self.arrive(&draft);
    }

    /// The same mail once more, perhaps through another mailbox or with a gateway's words below it.
    fn send_again(&mut self) {
        let last = self.deeds.iter().rev().find_map(|deed| match deed {
            Deed::Receive(mailbox, raw) => Some((mailbox.clone(), raw.clone())),
            _ => None,
        });
        let Some((mailbox, mut raw)) = last else { return };
        if self.chance(3) {
            raw.extend(b"-- \r\nThis mail was scanned for viruses by MailScanner and is believed to be clean.\r\n");
        }
        let mailbox = if self.chance(2) { mailbox } else { "sales".to_owned() };
        self.receive(&mailbox, &raw);
    }

    /// An engineer passes a customer's mail on.
    fn hand_on(&mut self) {
        let (id, mark) = (self.id(), self.next_mark());
        let (email, name, _) = ENGINEERS[self.random.random_range(0..ENGINEERS.len())];
        let customer = *self.pick(&CUSTOMERS);
        let mut draft = Draft::new(&format!("{name} <{email}>"), SUPPORT, id);
        draft.subject = format!("Fwd: Help {mark}");
        draft.says = self.says();
        draft.body = format!(
            "For the desk.\n\n---------- Forwarded message ---------\nFrom: {customer}\nDate: Mon, 2 Mar 2026 at 08:00\nSubject: Help\nTo: <{email}>\n\nMy screen is black. {mark}\n"
        );
        self.arrive(&draft);
    }

    fn time(&mut self) {
        let minutes = *self.pick(&[1, 10, 50, 70, 600, 1500, 3000, 4500, 11_000, 22_000]);
        self.pass(SignedDuration::from_mins(minutes));
    }

    /// The directory answers everything that is asked, or has trouble.
    pub fn answer_everything(&mut self) -> Sound {
        while let Some(asked) = self.model.tasks.values().next().cloned() {
            let trouble = !self.taste.plain && self.chance(10);
            let answer = if trouble {
                Err("503 from the provider".to_owned())
            } else {
                Ok(self.model.accounts.carry_out(&asked.task))
            };
            self.act(&[Event::Answered(&Answered { asked, answer })])?;
        }
        self.deeds.push(Deed::Answers);
        Ok(())
    }

    /// Somebody is on a page: with a link from their mail, or having forgotten a password.
    fn page(&mut self) -> Sound {
        let now = self.now;
        let good: Vec<usize> = (0..self.model.links.len())
            .filter(|at| !self.model.links[*at].used && self.model.links[*at].link.expires_at > now)
            .collect();
        if good.is_empty() || self.chance(4) {
            let email = *self.pick(&["jane@customer.test", "jim@customer.test", "nobody@nowhere.test"]);
            let by_owner = self.chance(3);
            return self.on_page(PortalEvent::Forgotten { email: email.to_owned(), by_owner });
        }
        let at = *self.pick(&good);
        self.model.links[at].used = true;
        let link = self.model.links[at].link.clone();
        let email = link.email.clone();
        let event = match link.purpose {
            LinkPurpose::Activate | LinkPurpose::Code => {
                self.activate(&email);
                PortalEvent::Activated { email }
            }
            LinkPurpose::Reset => PortalEvent::PasswordChanged { email },
            LinkPurpose::Enrol => PortalEvent::SecondFactorEnrolled { email },
            LinkPurpose::Stop => PortalEvent::SecondFactorStopped { ticket: link.ticket },
        };
        self.on_page(event)
    }

    fn on_page(&mut self, event: PortalEvent) -> Sound {
        self.process()?;
        self.deeds.push(Deed::Page(event.clone()));
        self.act(&[Event::Page(&event)])
    }

    /// An administrator closes a ticket.
    fn close(&mut self) -> Sound {
        let open = |(id, (ticket, _)): (&TicketId, &(_, _))| {
            let ticket: &caseway::desk::ticket::Ticket = ticket;
            (!matches!(ticket.status, Status::Closed | Status::Merged)).then_some(*id)
        };
        let open: Vec<TicketId> = self.model.tickets.iter().filter_map(open).collect();
        if open.is_empty() {
            return Ok(());
        }
        let ticket = *self.pick(&open);
        self.process()?;
        self.deeds.push(Deed::Close(ticket));
        self.act(&[Event::Close { ticket, by: None }])
    }

    /// A letter comes back: by a report that returns it, or by one that anybody could have written.
    fn come_back(&mut self) {
        let Some(post) = self.letter() else { return };
        let id = self.id();
        let path = if self.chance(3) { SUPPORT } else { post.return_path.as_str() };
        let hard = self.chance(2);
        let draft = report(id, path, &post.recipient.email, &post.letter.message_id, hard);
        self.arrive(&draft);
    }

    /// An engineer leaves the desk.
    fn leave(&mut self) {
        let who = *self.pick(&ENGINEERS);
        if self.taste.plain {
            return;
        }
        if let Some(id) = self.model.person_by_email(who.0).map(|person| person.id) {
            self.model.engineers.remove(&id);
            self.tell(|_| format!("{} leaves the desk", who.0));
        }
    }

    /// What waits is sent: taken, or refused for good.
    fn send(&mut self) -> Sound {
        let mut failed = Vec::new();
        for at in 0..self.model.outbox.len() {
            if self.model.outbox[at].sending != Sending::Waiting {
                continue;
            }
            let refused = self.chance(25);
            let cause = *self.pick(&FailureCause::ALL);
            let row = &mut self.model.outbox[at];
            if refused {
                (row.sending, row.cause, row.error) = (Sending::Failed, cause, "550 no".to_owned());
                failed.push(Failure {
                    notice: row.post.letter.notice.as_str().to_owned(),
                    outbox: row.post.outbox,
                    ticket: Some(row.post.ticket),
                    recipient: row.post.recipient.email.clone(),
                    error: row.error.clone(),
                    cause,
                });
            } else {
                row.sending = Sending::Sent;
                self.delivered.push(at);
            }
        }
        for failure in &failed {
            self.deeds.push(Deed::Failed(failure.outbox, failure.cause.as_str(), failure.error.clone()));
            self.act(&[Event::Failed(failure)])?;
        }
        Ok(())
    }

    /// A machine that marks nothing answers whatever it gets, at once: as an answer, or as a new request.
    fn loop_with_a_robot(&mut self) -> Sound {
        let anew = self.chance(2);
        for _ in 0..8 {
            let (id, mark) = (self.id(), self.next_mark());
            let last = self.delivered.iter().rev().map(|at| self.model.outbox[*at].post.clone());
            let last = last.into_iter().find(|post| post.recipient.email == "loop@loop.test");
            let mut draft = match last {
                Some(post) if !anew => self.answer_to(&post),
                _ => Draft::new("loop@loop.test", SUPPORT, id),
            };
            draft.subject = format!("We got your mail {mark}");
            draft.body = format!("We got your mail and will answer it. {mark}");
            self.arrive(&draft);
            self.process()?;
            self.send()?;
        }
        Ok(())
    }
}
