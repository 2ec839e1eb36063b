//! `/health`: for monitors and load balancers.

use std::time::Duration;

use super::site::Web;
use axum::extract::State;
use axum::http::StatusCode;

/// An answer is good for so long: whoever asks more often costs the disk nothing.
const KEPT_FOR: Duration = Duration::from_secs(2);

/// `ok` when the database takes changes, as it must before anything can be taken in; 503 otherwise. Says nothing more to
/// whoever asks.
pub(super) async fn health(State(web): State<Web>) -> (StatusCode, &'static str) {
    if is_sound(&web).await {
        return (StatusCode::OK, "ok\n");
    }
    (StatusCode::SERVICE_UNAVAILABLE, "the database takes no changes\n")
}

/// One looks at a time; who came meanwhile hears the same.
async fn is_sound(web: &Web) -> bool {
    let mut found = web.soundness().lock().await;
    let now = web.clock().elapsed();
    if let Some((_, sound)) = found.filter(|(at, _)| now.saturating_sub(*at) < KEPT_FOR) {
        return sound;
    }
    let looked = web.store().takes_changes().await;
    if let Err(error) = &looked {
        tracing::error!(event = "web.fault", "the database takes no changes: {error:#}");
    }
    *found = Some((web.clock().elapsed(), looked.is_ok()));
    looked.is_ok()
}
