//! What the gateway found that needs a person, and whether that was told.

use secrecy::ExposeSecret;

use super::finding::Finding;
use crate::config::Config;
use crate::store::{Store, alarm};

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    // What cannot be opened is told already.
    let store = match config.database.file() {
        Some(file) if !file.exists() => None,
        _ => Store::open(config.database.connection().expose_secret()).await.ok(),
    };
    let Some(store) = store else { return Vec::new() };
    let alarms = alarm::all(&store).await.unwrap_or_default();
    store.close().await;
    let finding = |alarm: alarm::Alarm| {
        let told = if alarm.told { "; [desk] lead was told by mail" } else { "" };
        let mut lines = alarm.words.lines();
        let found = lines.next().unwrap_or_default();
        Finding::wrong(
            "alarm",
            format!("{}: {found} (since {}){told}", alarm.subject, alarm.since),
            lines.collect::<Vec<_>>().join(" "),
        )
    };
    alarms.into_iter().map(finding).collect()
}
