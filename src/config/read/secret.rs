//! `KEY = …`, wherever a secret is wanted: read from a file, a command or the environment, and never shown.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use secrecy::SecretString;

use crate::config::permissions::is_readable_by_all;
use crate::config::secrets::Secrets;
use crate::config::section::{Section, Value};

/// Octets of a secret that are read at most.
const MAX_SECRET: u64 = 64 * 1024;
/// How long a command may take, unlocking a key included.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);

/// The secret under a key: a text, `{ file = … }`, `{ command = […] }` or `{ env = … }`.
pub(super) fn secret(section: &Section<'_>, key: &'static str) -> Option<SecretString> {
    read(section, key, section.document().secrets)
}

/// The same, fetched even for commands that connect to no mail server.
pub(super) fn needed(section: &Section<'_>, key: &'static str) -> Option<SecretString> {
    read(section, key, Secrets::Fetch)
}

fn read(section: &Section<'_>, key: &'static str, secrets: Secrets) -> Option<SecretString> {
    let value = section.get(key)?;
    let document = section.document();
    if let Some(plain) = value.as_text() {
        if document.is_readable_by_all() {
            value.warning(
                "this secret stands in a file that every user of this machine can read; \
                 use chmod 640, or { file = … }, { command = […] } or { env = … }",
            );
        }
        return usable(&value, plain.to_owned());
    }
    if !value.is_table() {
        value.problem("a secret is a text, { file = \"…\" }, { command = [\"…\"] } or { env = \"…\" }");
        return None;
    }
    let table = value.section("SECRET")?;
    let file = table.path("file");
    let command: Vec<String> =
        table.list("command").iter().filter_map(|word| word.parsed(|word| Ok::<_, &str>(word.to_owned()))).collect();
    let env = table.text("env");
    table.refuse_unknown();
    let origin = match (file, command.split_first(), env) {
        (Some(file), None, None) => Origin::File(file),
        (None, Some((program, args)), None) => Origin::Command(program.clone(), args.to_vec()),
        (None, None, Some(name)) => Origin::Env(name),
        _ => {
            value.problem("a secret needs exactly one of file, command and env");
            return None;
        }
    };
    if secrets == Secrets::Leave {
        return Some(SecretString::default());
    }
    let fetched = match origin {
        Origin::File(file) => {
            if is_readable_by_all(&file) {
                value.warning(format!("every user of this machine can read {}; use chmod 640", file.display()));
            }
            from_file(&file)
        }
        Origin::Command(program, args) => from_command(&program, &args, &document.path("")),
        Origin::Env(name) => from_env(&name),
    };
    usable(&value, fetched.map_err(|what| value.problem(what)).ok()?)
}

/// Where a secret is kept.
enum Origin {
    File(PathBuf),
    Command(String, Vec<String>),
    Env(String),
}

/// Without the line end that editors and commands add; what is left must be something.
fn usable(value: &Value<'_, '_>, mut text: String) -> Option<SecretString> {
    while text.ends_with(['\n', '\r']) {
        text.pop();
    }
    if text.is_empty() {
        value.problem("the secret is empty");
        return None;
    }
    if text.contains(['\n', '\r', '\0']) {
        value.problem("the secret has more than one line");
        return None;
    }
    Some(SecretString::from(text))
}

fn from_file(file: &Path) -> Result<String, String> {
    std::fs::File::open(file)
        .and_then(bounded)
        .map_err(|error| format!("the secret's file {} cannot be read: {error}", file.display()))
}

fn from_env(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|error| match error {
        std::env::VarError::NotPresent => format!("the environment has no {name}"),
        std::env::VarError::NotUnicode(_) => format!("{name} in the environment is not UTF-8"),
    })
}

fn bounded(from: impl Read) -> std::io::Result<String> {
    let mut text = String::new();
    from.take(MAX_SECRET).read_to_string(&mut text)?;
    Ok(text)
}

/// Runs a command without a shell, in the configuration's folder. Its complaints go to our stderr, never into a report.
fn from_command(program: &str, args: &[String], folder: &Path) -> Result<String, String> {
    let mut child = Command::new(program)
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the secret's command {program:?} cannot be run: {error}"))?;
    let deadline = Instant::now() + COMMAND_TIMEOUT;
    let printed = printed(&mut child, program, deadline);
    let status = ended(&mut child, deadline).map_err(|error| format!("waiting for {program:?}: {error}"))?;
    match (printed?, status) {
        (printed, Some(status)) if status.success() => Ok(printed),
        (_, Some(status)) => Err(format!("the secret's command {program:?} failed: {status}")),
        (_, None) => Err(too_long(program)),
    }
}

fn too_long(program: &str) -> String {
    format!("the secret's command {program:?} took longer than {} s", COMMAND_TIMEOUT.as_secs())
}

fn printed(child: &mut Child, program: &str, deadline: Instant) -> Result<String, String> {
    let stdout = child.stdout.take().ok_or_else(|| format!("{program:?} has no output"))?;
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || send.send(bounded(stdout)));
    receive
        .recv_timeout(deadline.saturating_duration_since(Instant::now()))
        .map_err(|_| too_long(program))?
        .map_err(|error| format!("the output of {program:?} cannot be read: {error}"))
}

/// How the command ended; `None` when it had to be killed at the deadline.
fn ended(child: &mut Child, deadline: Instant) -> std::io::Result<Option<ExitStatus>> {
    // It has closed its output, so it ends at once as a rule; std has no wait with a limit.
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}
