//! What the program says about itself, command by command.

use clap::CommandFactory;

use crate::cli_program::{caseway, steady};

/// Every command that is shown as a list of words, groups before their members.
fn commands(command: &clap::Command, words: &[String], all: &mut Vec<Vec<String>>) {
    all.push(words.to_vec());
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        commands(sub, &[words, &[sub.get_name().to_owned()]].concat(), all);
    }
}

#[test]
fn the_help_of_every_command_reads_well() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    commands(&caseway::cli::Cli::command(), &[], &mut all);
    assert!(all.len() > 4);
    let _steady = steady(folder.path(), &[]);
    for words in all {
        let args: Vec<&str> = words.iter().map(String::as_str).chain(["--help"]).collect();
        let ran = caseway(folder.path(), &args);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{args:?}");
        let mut settings = insta::Settings::clone_current();
        // Here the width of columns is part of what is read.
        settings.clear_filters();
        settings.bind(|| {
            insta::assert_snapshot!(format!("help_{}", words.join("_")), ran.stdout);
        });
    }
}

#[test]
fn completions_know_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    commands(&caseway::cli::Cli::command(), &[], &mut all);
    for shell in ["bash", "zsh", "fish"] {
        let ran = caseway(folder.path(), &["completions", shell]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{shell}");
        for word in all.iter().filter_map(|words| words.last()) {
            assert!(ran.stdout.contains(word.as_str()), "{shell} does not complete {word}");
        }
    }
}

#[test]
fn wrong_arguments_are_told_with_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    let _steady = steady(folder.path(), &[]);
    let runs: Vec<String> =
        [&["mial"][..], &["mail", "inspect"], &["check", "--wiat", "3s"], &["check", "--wait", "soon"]]
            .iter()
            .map(|args| format!("$ caseway {}\n{}", args.join(" "), caseway(folder.path(), args)))
            .collect();
    insta::assert_snapshot!(runs.join("\n"));
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let man = folder.path().join("man");
    std::fs::create_dir(&man).unwrap();
    let ran = caseway(folder.path(), &["generate-man", "man"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    let mut all = Vec::new();
    commands(&caseway::cli::Cli::command(), &[], &mut all);
    for words in &all {
        let page = man.join(format!("{}.1", [&["caseway".to_owned()][..], words].concat().join("-")));
        let text = std::fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
        assert!(text.contains(".SH NAME"), "{}", page.display());
    }
    let ran = caseway(folder.path(), &["generate-man", "nowhere"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("writing manual pages to nowhere"), "{}", ran.stderr);
}
