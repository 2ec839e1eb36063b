//! What a letter of any kind may say.

use serde::Serialize;

use super::flow::{ApprovalVars, CommandVars, FormVars, LinkToVars, PortalVars, ResultVars, StandingVars, UserVars};
use crate::mail::Address;

/// All that a template may name. Every field is there in every notice, so that a misspelt one is an error at start.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Vars {
    /// Who we are.
    pub desk: DeskVars,
    /// `CASE-1042`.
    pub case_id: String,
    /// The ticket's subject, without tags and `Re:`.
    pub subject: String,
    /// Who gets this mail.
    pub recipient: Address,
    /// Who wrote `words`; in `delivery_failed` whom the mail did not reach.
    pub author: Address,
    /// The From of the mail, when another header names `author`; empty otherwise.
    pub sent_by: String,
    /// Where else `author` wants answers (Reply-To), as addresses; empty when nowhere else.
    pub answers_to: String,
    /// The ticket's requester.
    pub requester: Address,
    /// The engineer who has the ticket; empty name and address when nobody has, and no address in letters to customers.
    pub assignee: Address,
    /// The visible words that are passed on, as plain text; shown verbatim, never read as Markdown.
    pub words: String,
    /// What the words answer, for the quoted tail; empty text when there is nothing to quote.
    pub quote: Quote,
    /// The files of the mail that is passed on.
    pub files: Vec<FileVars>,
    /// The case the mail claimed or follows; empty when none.
    pub linked_case_id: String,
    /// Why, as a code that templates choose words by: `stranger`, `token_of_another`, `dmarc_fail`, `no_proof`, …
    pub reason: String,
    /// Somebody else's words on the reason: a server's diagnostic.
    pub detail: String,
    /// The size limit in words: `25 MB`.
    pub limit: String,
    /// The ticket's form.
    pub form: FormVars,
    /// The single-use link or code of this mail.
    pub link: LinkToVars,
    /// The Business Account it is about.
    pub user: UserVars,
    /// The portal it is about.
    pub portal: PortalVars,
    /// How many engineers approved.
    pub approvals: ApprovalVars,
    /// A date or a time in the letter's language: when something happened, takes effect or ends; in `closed`
    /// until when a reply reopens the case.
    pub when: String,
    /// What came of an engineer's commands.
    pub results: Vec<ResultVars>,
    /// How the case stands, after an engineer's commands.
    pub standing: StandingVars,
    /// Where an engineer writes what only colleagues read; empty where addresses carry no tokens.
    pub note_address: String,
    /// All commands, when the engineer asked for help.
    pub commands: Vec<CommandVars>,
    /// That we do not write the language that its reader writes, in that language; empty when we do.
    pub language_note: String,
}

impl Vars {
    /// Takes what the sender chose out of what a template may say.
    pub fn impersonal(self) -> Self {
        let missing = self.form.missing.into_iter();
        Self {
            subject: String::new(),
            author: Address::default(),
            requester: Address::default(),
            words: String::new(),
            quote: Quote::default(),
            files: Vec::new(),
            detail: String::new(),
            form: FormVars {
                understood: Vec::new(),
                missing: missing
                    .map(|mut field| {
                        field.value = String::new();
                        field
                    })
                    .collect(),
                ..self.form
            },
            user: UserVars { name: String::new(), ..self.user },
            ..self
        }
    }
}

/// The desk as templates see it, in the letter's language.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskVars {
    /// The desk's display name.
    pub name: String,
    /// The mailbox's own address, without a token.
    pub address: String,
    /// Opening hours in words; may be empty.
    pub hours: String,
    /// As people read them: `Helsinki +358 9 1234`.
    pub phones: Vec<String>,
    /// Knowledge base, community, portal.
    pub links: Vec<LinkVars>,
    /// What is wrong right now, in words of any length; empty when nothing is.
    pub incident: String,
}

/// A link below acknowledgements.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LinkVars {
    /// What people read.
    pub label: String,
    /// `https:`, `http:`, `mailto:` or `tel:`; others are shown as their label only.
    pub url: String,
}

/// An earlier message, quoted.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Quote {
    /// The display name of who wrote it.
    pub author: String,
    /// Date and time as the language writes them, with the zone.
    pub date: String,
    /// The words, without what they quoted themselves.
    pub text: String,
}

/// A file of the mail that is passed on.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FileVars {
    /// The file's name.
    pub name: String,
    /// In words: `184 KB`.
    pub size: String,
    /// Whether it goes with this mail or stays in the desk's records (too large to pass on).
    pub attached: bool,
}
