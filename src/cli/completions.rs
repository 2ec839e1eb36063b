//! `caseway completions`: a script for the shell.

use std::io::Write;

use super::{Exit, output};

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway completions bash > /etc/bash_completion.d/caseway
  caseway completions zsh > ~/.zfunc/_caseway
  caseway completions fish > ~/.config/fish/completions/caseway.fish")]
pub struct Args {
    /// The shell to write for
    shell: Shell,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// Prints the script for `command`, the whole program, on standard output.
pub fn run(args: &Args, mut command: clap::Command) -> anyhow::Result<Exit> {
    let shell = match args.shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "caseway", &mut script);
    let mut out = output::stdout();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Exit::Done)
}
