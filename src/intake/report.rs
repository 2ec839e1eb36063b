//! What a look at a mailbox finds.

/// What a source holds and can do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProbeReport {
    /// Mails there now, whether taken before or not.
    pub messages: u64,
    /// Mails in each further folder that is configured.
    pub further: Vec<(String, u64)>,
    /// The folder that the server puts spam into, where it is looked into.
    pub junk: Option<String>,
    /// What an IMAP server offers after the login, in capitals, sorted; empty for other sources.
    pub capabilities: Vec<String>,
    /// New mails are announced (RFC 2177); without it the mailbox is polled.
    pub supports_idle: bool,
    /// Mails are moved in one step (RFC 6851); without it they are copied and deleted.
    pub supports_move: bool,
    /// Single mails can be removed (RFC 4315); without it they are only marked.
    pub supports_uidplus: bool,
    /// The connection can be compressed (RFC 4978).
    pub supports_compress: bool,
    /// The folder for copies of sent mails was not there and was made.
    pub sent_folder_made: bool,
    /// The folder that mails are moved to was not there and was made.
    pub move_folder_made: bool,
}

/// Folders whose use a server tells (RFC 6154), by their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpecialFolders {
    /// `\Sent`.
    pub sent: Option<String>,
    /// `\Junk`.
    pub junk: Option<String>,
}
