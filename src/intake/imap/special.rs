//! Folders whose use the server tells (RFC 6154).

use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response};

use super::error::ImapError;
use super::folder_name;
use super::wire::Wire;
use crate::intake::report::SpecialFolders;

/// The folders for sent mails and for spam, as far as the server says which they are.
pub(super) async fn folders(wire: &mut Wire) -> Result<SpecialFolders, ImapError> {
    // Who extends LIST tells only when asked (RFC 6154 §2); others tell by themselves, and Exchange without offering it.
    let asks = wire.offers("SPECIAL-USE") && wire.offers("LIST-EXTENDED");
    let line = if asks { "LIST \"\" \"*\" RETURN (SPECIAL-USE)" } else { "LIST \"\" \"*\"" };
    let mut found = SpecialFolders::default();
    wire.command("LIST", line, |answer| {
        let Response::MailboxData(MailboxDatum::List(folder)) = answer else { return };
        let name = || Some(folder_name::readable(&folder.name));
        if folder.name_attributes.contains(&NameAttribute::Sent) && found.sent.is_none() {
            found.sent = name();
        }
        if folder.name_attributes.contains(&NameAttribute::Junk) && found.junk.is_none() {
            found.junk = name();
        }
    })
    .await?;
    Ok(found)
}
