//! `/health`: for monitors and load balancers.

use axum::extract::State;
use axum::http::StatusCode;

use super::Web;
use crate::store;

/// `ok` when the database answers; 503 otherwise. Says nothing more to whoever asks.
pub(super) async fn health(State(web): State<Web>) -> (StatusCode, &'static str) {
    match store::web::answers(web.store()).await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(event = "web.fault", "the database does not answer: {error:#}");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
