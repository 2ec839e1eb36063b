//! A look at the database, and at who answers the mails.

use std::collections::BTreeSet;
use std::path::Path;

use secrecy::ExposeSecret;
use tokio::time::timeout;

use super::finding::{Finding, LIMIT};
use crate::config::{Config, Mailbox};
use crate::store::view::people;
use crate::store::{self, Store};

const CHECK: &str = "database";

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let file = config.database.file();
    // Opening would create it, for whoever runs this command: not always who runs the gateway.
    if let Some(missing) = file.as_deref().filter(|file| !file.exists()) {
        let mut findings = vec![to_be_created(missing)];
        findings.extend(nobody(config, &BTreeSet::new()));
        return findings;
    }
    let opened = async {
        let store = Store::open(config.database.connection().expose_secret()).await?;
        let engineers = people::engineers(&store).await?;
        store.takes_changes().await?;
        store.close().await;
        Ok::<_, anyhow::Error>(engineers)
    };
    let is_file = file.is_some();
    let place = file.map_or_else(|| config.database.url.clone(), |file| file.display().to_string());
    match timeout(LIMIT, opened).await {
        Ok(Ok(engineers)) => {
            let queues: BTreeSet<String> = engineers.into_iter().map(|engineer| engineer.queue).collect();
            let mut findings = vec![Finding::ok(CHECK, place)];
            findings.extend(nobody(config, &queues));
            findings
        }
        Ok(Err(error)) => {
            let of_a_file = "check that you may read and write it, that the disk has room, and that it is a local one";
            let advice = store::advice(&error).unwrap_or(if is_file { of_a_file } else { "" });
            vec![Finding::wrong(CHECK, format!("{error:#}"), advice)]
        }
        Err(_) => {
            let found = format!("{place}: no answer within {} s", LIMIT.as_secs());
            vec![Finding::wrong(CHECK, found, "another program holds its lock; is a backup running?")]
        }
    }
}

fn to_be_created(file: &Path) -> Finding {
    let folder = file.parent().unwrap_or(file);
    if folder.is_dir() {
        Finding::ok(CHECK, format!("{} is created at the first start", file.display()))
    } else {
        let advice = "create it, owned by the user that caseway runs as";
        Finding::wrong(CHECK, format!("the folder {} is not there", folder.display()), advice)
    }
}

/// Queues whose tickets nobody would hear of.
fn nobody(config: &Config, manned: &BTreeSet<String>) -> Vec<Finding> {
    let fed: BTreeSet<&str> = config.mailboxes.values().flat_map(Mailbox::queues).collect();
    fed.into_iter()
        .filter(|queue| !manned.iter().any(|manned| manned == queue))
        .map(|queue| {
            Finding::warning(
                &format!("queue {queue}"),
                "has no engineers: nobody is told of its tickets",
                format!("caseway engineer add ADDRESS --queue {queue}"),
            )
        })
        .collect()
}
