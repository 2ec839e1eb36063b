//! How a command ends.

/// How a command ended when nothing is left to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything was done.
    Done,
    /// Something failed, and was told on the way.
    Failed,
    /// Nothing was done; the same may work later (`EX_TEMPFAIL`, so that a mail server keeps the mail).
    Temporary,
}

impl Exit {
    /// The process's exit code (`sysexits.h` for the last).
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Temporary => 75,
        }
    }
}
