//! Reads a suspect mail in a process of its own, so that a mail that kills its reader is found out.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Whether a process of `program`, which is this one, can read the mail within `limit`; if not, why.
pub async fn survives(program: &Path, raw: &[u8], limit: Duration) -> anyhow::Result<Result<(), String>> {
    let mut child = Command::new(program)
        .args(["mail", "inspect", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("starting a reader of its own for a suspect mail")?;
    let stdin = child.stdin.take();
    let reading = async {
        if let Some(mut stdin) = stdin {
            // A reader that dies closes the pipe; its exit status tells.
            let _ = stdin.write_all(raw).await;
        }
        child.wait().await
    };
    match tokio::time::timeout(limit, reading).await {
        Ok(status) => {
            let status = status.context("waiting for the reader of a suspect mail")?;
            Ok(if status.success() { Ok(()) } else { Err(format!("reading it kills the reader: {status}")) })
        }
        Err(_) => Ok(Err(format!("reading it takes more than {} s", limit.as_secs()))),
    }
}
