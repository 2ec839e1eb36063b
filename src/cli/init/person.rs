//! Whoever sits at the terminal, if anybody does.

use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

use anyhow::{Context, bail};
#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use secrecy::SecretString;

/// Questions go to stderr and are only asked where somebody can read and answer them.
pub(super) struct Person {
    is_there: bool,
}

impl Person {
    pub(super) fn new() -> Self {
        Self { is_there: stdin().is_terminal() && stderr().is_terminal() }
    }

    pub(super) fn is_there(&self) -> bool {
        self.is_there
    }

    /// An answer, or `default` for an empty one and where nobody is there.
    pub(super) fn ask(&self, question: &str, default: &str) -> anyhow::Result<String> {
        if !self.is_there {
            return Ok(default.to_owned());
        }
        let hint = if default.is_empty() { String::new() } else { format!(" [{default}]") };
        let line = typed(&format!("{question}{hint}"))?;
        let answer = line.trim();
        Ok(if answer.is_empty() { default.to_owned() } else { answer.to_owned() })
    }

    /// False where nobody is there.
    pub(super) fn agrees(&self, question: &str) -> anyhow::Result<bool> {
        if !self.is_there {
            return Ok(false);
        }
        let answer = self.ask(&format!("{question} (y/n)"), "n")?;
        Ok(answer.eq_ignore_ascii_case("y") || answer.eq_ignore_ascii_case("yes"))
    }

    /// A password, which is not shown while it is typed.
    pub(super) fn password(&self, user: &str) -> anyhow::Result<SecretString> {
        if !self.is_there {
            bail!(
                "the password of {user} is missing, and there is no terminal to ask for it; put it into a file and name \
                 that: --password-file FILE, or - for standard input"
            );
        }
        // Before the question stands there: what is typed at once must not be shown either.
        let hidden = Hidden::begin().context("the terminal goes on showing what is typed; use --password-file FILE")?;
        let typed = typed(&format!("The password of {user} (not shown)"))?;
        drop(hidden);
        if typed.is_empty() {
            bail!("there is no password; nothing was written");
        }
        Ok(typed.into())
    }
}

/// A line as it was typed, without its end.
fn typed(question: &str) -> anyhow::Result<String> {
    write!(stderr(), "{question}: ")?;
    stderr().flush()?;
    let mut line = String::new();
    if stdin().lock().read_line(&mut line)? == 0 {
        bail!("there is no answer to: {question}");
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// While it lives, the terminal shows the ends of lines alone.
struct Hidden {
    #[cfg(unix)]
    before: Termios,
}

#[cfg(unix)]
impl Hidden {
    fn begin() -> anyhow::Result<Self> {
        let before = tcgetattr(stdin())?;
        let mut modes = before.clone();
        modes.local_modes.remove(LocalModes::ECHO);
        modes.local_modes.insert(LocalModes::ECHONL);
        // Not with Flush: it would lose what was typed meanwhile.
        tcsetattr(stdin(), OptionalActions::Now, &modes)?;
        Ok(Self { before })
    }
}

#[cfg(unix)]
impl Drop for Hidden {
    fn drop(&mut self) {
        // A terminal that went away has nothing to show.
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.before);
    }
}

#[cfg(not(unix))]
impl Hidden {
    fn begin() -> anyhow::Result<Self> {
        bail!("this system has no terminal whose echo can be turned off")
    }
}
