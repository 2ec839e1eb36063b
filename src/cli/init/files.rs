//! What is read and written: the password, and the configuration that names its file.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, bail};
use secrecy::{ExposeSecret, SecretString};

use super::draft::{Draft, Secret};
use super::place::Place;
use super::steps::Steps;
use crate::private;

/// Octets of a password that are read at most.
const MAX_PASSWORD: u64 = 100_000;

/// Both files, or none.
pub(super) fn write(place: &Place, draft: &Draft, steps: &mut Steps) -> anyhow::Result<()> {
    let name = place.password.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut secret = private::file(OpenOptions::new().write(true).create_new(true), &place.password)
        .with_context(|| format!("the password cannot be written to {}", place.password.display()))?;
    let written = writeln!(secret, "{}", draft.password.expose_secret())
        .and_then(|()| secret.sync_all())
        .and_then(|()| OpenOptions::new().write(true).create_new(true).open(&place.config))
        .and_then(|mut file| {
            file.write_all(draft.text(Secret::File(&name)).as_bytes())?;
            file.sync_all()
        });
    if let Err(error) = written {
        // A configuration without its end is removed, and somebody else's, come meanwhile, is not.
        if error.kind() != std::io::ErrorKind::AlreadyExists {
            let _ = std::fs::remove_file(&place.config);
        }
        let _ = std::fs::remove_file(&place.password);
        return Err(error)
            .with_context(|| format!("the configuration cannot be written to {}", place.config.display()));
    }
    steps.done(&format!(
        "written: {}, and the password in {} (mode 0600)",
        place.config.display(),
        place.password.display()
    ))?;
    Ok(())
}

/// The first line of a file, or of standard input for `-`.
pub(super) fn password(file: &Path) -> anyhow::Result<SecretString> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(MAX_PASSWORD).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|open| open.take(MAX_PASSWORD).read_to_string(&mut text))
    };
    read.with_context(|| format!("--password-file {} cannot be read", file.display()))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned().into()),
        _ => bail!("--password-file {} has no password in its first line", file.display()),
    }
}
