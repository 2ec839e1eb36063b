//! What failed, and who is told.

use anyhow::Context;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::directory::{Cause, Fault};
use crate::mail::address::masked;

/// What the directory could not do, as an error of ours.
pub(super) fn fault(fault: Fault) -> anyhow::Error {
    anyhow::Error::from(fault).context("asking the directory of accounts")
}

/// Why a new password was not set, as the person who typed it is told.
pub(super) enum Unset {
    /// An identity provider does not take this one.
    Refused,
    /// The account cannot have one.
    Unusable,
}

/// Tells the administrator why a new password was not set, and what the person is told. Everything that neither is to
/// blame for is an error.
pub(super) fn unset(email: &str, fault: Fault) -> anyhow::Result<Unset> {
    let unset = match fault.cause {
        Cause::Password => Unset::Refused,
        Cause::Account => Unset::Unusable,
        Cause::Directory | Cause::Ours => return Err(self::fault(fault)),
    };
    tracing::warn!(event = "web.password_unset", to = masked(email), "a new password was not set: {}", fault.what);
    Ok(unset)
}

/// Works on when the browser goes away in the middle and takes its request with it: what an identity provider was told
/// must be written here as well.
#[expect(clippy::disallowed_methods, reason = "ends by itself within moments, and is waited for")]
pub(super) async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = anyhow::Result<T>> + Send + 'static,
) -> anyhow::Result<T> {
    tokio::spawn(work).await.context("working on a request")?
}

/// The answer when not even a page can say what failed; told to the administrator here.
pub(super) fn unmade(error: &anyhow::Error) -> Response {
    tracing::error!(event = "web.fault", "a page could not be made: {error:#}");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek};

    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered_and_logged() {
        let mut log = tempfile::tempfile().unwrap();
        let subscriber = tracing_subscriber::fmt().with_writer(log.try_clone().unwrap()).finish();
        let _logging = tracing::subscriber::set_default(subscriber);
        let work = to_its_end(async { panic!("out of luck") }).await;
        let answer = work.unwrap_or_else(|error| unmade(&error));
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let mut logged = String::new();
        log.rewind().unwrap();
        log.read_to_string(&mut logged).unwrap();
        assert!(logged.contains("web.fault") && logged.contains("working on a request"), "{logged}");
    }
}
