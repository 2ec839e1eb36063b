//! The program itself, run as a person runs it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use insta::internals::SettingsBindDropGuard;

/// How a run ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit code {}\n--- stdout\n{}--- stderr\n{}", self.code, self.stdout, self.stderr)
    }
}

/// Runs `caseway ARGS` in `folder`, with nothing of this process's environment that it looks at.
pub fn caseway(folder: &Path, args: &[&str]) -> Ran {
    caseway_fed(folder, args, b"")
}

/// The same with something on standard input.
pub fn caseway_fed(folder: &Path, args: &[&str], input: &[u8]) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_caseway"))
        .args(args)
        .current_dir(folder)
        .env_remove("CASEWAY_CONFIG")
        .env("COLUMNS", "100")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // Whoever does not read closes the pipe.
    let _ = stdin.write_all(input);
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().expect("ended by a signal"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// While it lives, snapshots show what differs from run to run by its name: the folder, ports, the width of columns.
pub fn steady(folder: &Path, ports: &[u16]) -> SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.add_filter(&regex::escape(&folder.display().to_string()), "[FOLDER]");
    for (n, port) in ports.iter().enumerate() {
        settings.add_filter(&format!(r"\b{port}\b"), format!("[PORT {}]", n + 1));
    }
    settings.add_filter("  +", "  ");
    settings.bind_to_scope()
}
