//! What the form for an answer needs to know.

use data_encoding::HEXLOWER;

use super::site::Web;

/// Octets of all files of one answer: as base64, with the rest of the mail, they are still below the largest mail.
pub(super) fn files_limit(web: &Web) -> u64 {
    let limits = &web.config().limits;
    limits.attach_size.min(limits.mail_size / 10 * 7)
}

/// What makes a form that is sent twice one answer.
pub(super) fn once() -> String {
    HEXLOWER.encode(&rand::random::<[u8; 16]>())
}
