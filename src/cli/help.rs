//! The first page of the help: commands in groups, which the argument parser cannot do by itself.

use std::fmt::Write;

use clap::Command;

/// Every command, once.
const GROUPS: [(&str, &[&str]); 4] = [
    ("Running", &["serve", "ingest", "backup"]),
    ("Setting up", &["init", "check", "oauth", "dkim", "engineer", "account", "template", "import"]),
    ("Looking into it", &["ticket", "search", "mail", "form", "outbox"]),
    ("Your shell", &["completions"]),
];

/// The program's arguments with the commands of its help in groups.
pub fn arrange(command: Command) -> Command {
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{}Options:\n{{options}}{{after-help}}",
        groups(&command)
    );
    command.help_template(template)
}

fn groups(command: &Command) -> String {
    let shown = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    let width = shown.map(|sub| sub.get_name().len()).max().unwrap_or_default();
    let mut text = String::new();
    for (title, names) in GROUPS {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{title}:");
        for sub in names.iter().filter_map(|name| command.find_subcommand(name)) {
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "  {:width$}  {about}", sub.get_name());
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn every_command_is_in_one_group() {
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| *names).copied().collect();
        grouped.sort_unstable();
        let command = Cli::command();
        let mut all: Vec<&str> =
            command.get_subcommands().filter(|sub| !sub.is_hide_set()).map(Command::get_name).collect();
        all.sort_unstable();
        assert_eq!(grouped, all);
    }
}
