//! The mails of forms, accounts and sign-in.

use caseway::desk::notice::flow::{EntryVars, FormVars, LinkToVars, MissingVars, PortalVars, ResultVars, UserVars};

use super::*;

const ACTIONS: [&str; 7] = [
    "register",
    "reset-password",
    "reset-second-factor",
    "sign-in-help",
    "partner-sign-in-help",
    "registration-file",
    "engineer",
];

/// A letter about Jane's form.
fn letter_of_form(notice: Notice, language: Language) -> Letter {
    let mut letter = letter(notice);
    letter.language = language;
    letter.vars.form = FormVars {
        name: "registration".to_owned(),
        title: "Portal account".to_owned(),
        action: "register".to_owned(),
        understood: vec![EntryVars {
            label: "Account ID".to_owned(),
            value: "4711-0815".to_owned(),
            place: "label".to_owned(),
            typed: "4711 0815".to_owned(),
            field: "account_id".to_owned(),
        }],
        ..FormVars::default()
    };
    letter.vars.link = LinkToVars {
        url: "https://desk.example.test/activate/hQ3vX9mTq0bW7cJk2LrY5uAeZ8sNf1GdPoI6xVtB4Kw".to_owned(),
        page: "https://desk.example.test/activate".to_owned(),
        code: "7KQM-2HXD".to_owned(),
        hours: 72,
    };
    letter
}

/// The text of each variant of a letter, in one snapshot; no two may be the same.
fn snapshot_variants(name: &str, language: Language, variants: Vec<(&str, Letter)>) {
    let mut texts: Vec<String> = Vec::new();
    for (variant, letter) in variants {
        let text = text_with_subject(&letters().render(&letter).unwrap());
        assert!(!texts.iter().any(|other| other.ends_with(&text)), "{name} says the same twice: {text}");
        texts.push(format!("##### {variant}\n{text}"));
    }
    if Language::OF_ENGINEERS.contains(&language) {
        insta::assert_snapshot!(format!("{name}_{}_variants", language.code()), texts.join("\n\n"));
    }
}

#[test]
fn what_happens_next_depends_on_the_form() {
    for language in Language::ALL {
        let of = |action: &'static str| {
            let mut letter = letter_of_form(Notice::FormReceived, language);
            letter.vars.form.action = action.to_owned();
            (action, letter)
        };
        let with_words_of_their_own =
            ["register", "reset-password", "reset-second-factor", "registration-file", "engineer"];
        snapshot_variants("form_received", language, with_words_of_their_own.map(of).to_vec());
    }
}

#[test]
fn help_with_signing_in_says_what_the_directory_knows() {
    for language in Language::ALL {
        let of = |(state, reason): (&'static str, &'static str)| {
            let mut letter = letter_of_form(Notice::SignInHelp, language);
            letter.vars.reason = reason.to_owned();
            if !state.is_empty() {
                letter.vars.user = UserVars {
                    user_name: "jane@example.test".to_owned(),
                    state: state.to_owned(),
                    ..UserVars::default()
                };
            }
            (state, letter)
        };
        let variants =
            [("", ""), ("", "other_name"), ("active", "other_name"), ("active", ""), ("invited", ""), ("disabled", "")];
        snapshot_variants("sign_in_help", language, variants.map(of).to_vec());
    }
}

#[test]
fn a_registration_file_comes_with_the_steps_for_its_platform() {
    for language in Language::ALL {
        let of = |platform: &'static str| {
            let mut letter = letter_of_form(Notice::RegistrationFile, language);
            letter.vars.form.platform = platform.to_owned();
            (platform, letter)
        };
        for (platform, letter) in [of("windows"), of("linux"), of("")] {
            let text = letters().render(&letter).unwrap().text;
            assert_eq!(text.contains("Windows"), platform != "linux", "{text}");
            assert_eq!(text.contains("Linux"), platform != "windows", "{text}");
            assert!(text.starts_with(&letter.vars.words), "{text}");
        }
    }
}

/// What is sent to who filled in a form tells nothing of what the directory knows.
#[test]
fn a_confirmation_tells_nothing_of_the_directory() {
    for language in Language::ALL {
        for action in ACTIONS {
            let mut unknown = letter_of_form(Notice::FormReceived, language);
            unknown.vars.form.action = action.to_owned();
            let mut known = unknown.clone();
            known.vars.user = UserVars {
                name: "Jane Doe".to_owned(),
                state: "disabled".to_owned(),
                company: "Example Ltd".to_owned(),
                second_factor: true,
                portals: vec!["Example Portal".to_owned()],
                administrators: 3,
                ..UserVars::default()
            };
            known.vars.reason = "unknown_account".to_owned();
            assert_eq!(letters().render(&unknown).unwrap().bytes, letters().render(&known).unwrap().bytes);
        }
    }
}

#[test]
fn an_engineer_reads_only_the_commands_that_apply() {
    let cases = [
        ("approval", [true, true, false]),
        ("second_approval", [true, true, false]),
        ("foreign_address", [true, true, true]),
        ("unknown_account", [true, true, true]),
        ("account_disabled", [true, true, true]),
        ("rounds", [false, true, true]),
        ("no_answer", [false, true, true]),
        ("complete", [false, false, false]),
        ("not_helped", [false, false, false]),
        ("stopped", [false, false, false]),
        ("closed", [false, false, false]),
    ];
    for language in Language::OF_ENGINEERS {
        for (reason, expected) in cases {
            let mut letter = letter_of_form(Notice::FormHandover, language);
            letter.vars.reason = reason.to_owned();
            let text = letters().render(&letter).unwrap().text;
            let found = ["#approve", "#reject", "#set"].map(|command| text.contains(command));
            assert_eq!(found, expected, "{reason}: {text}");
            assert_eq!(text.contains("account_id"), expected[2], "the fields that #set takes: {text}");
        }
    }
}

/// A link of ours is whole on a line of its own in the text part, and a button in the HTML part.
#[test]
fn links_of_ours_can_be_followed_everywhere() {
    let with_link = [
        Notice::Activation,
        Notice::ActivationReminder,
        Notice::PasswordReset,
        Notice::SecondFactorPending,
        Notice::SecondFactorEnrol,
    ];
    for language in Language::ALL {
        for notice in with_link {
            let mut letter = letter_of_form(notice, language);
            letter.vars.link.url = format!("https://desk.example.test/x/{}_-*~", "a1".repeat(60));
            let url = &letter.vars.link.url;
            let rendered = letters().render(&letter).unwrap();
            assert!(rendered.text.lines().any(|line| line == url), "{}", rendered.text);
            assert!(rendered.html.contains(&format!("text-decoration:none\" href=\"{url}\">")), "{}", rendered.html);
            let mail = read(&rendered.bytes);
            assert!(mail.text.lines().any(|line| line.trim_end() == url), "{}", mail.text);
        }
    }
}

/// A full stop behind an address is taken for a part of it by some terminals.
#[test]
fn nothing_is_glued_to_an_address_of_a_page() {
    for notice in Notice::ALL {
        for &language in notice.languages() {
            let text = letters().preview(notice, language).unwrap().text;
            for word in text.split_whitespace().filter(|word| word.starts_with("https://")) {
                assert!(!word.ends_with(['.', ',', ';', ':', ')', '!', '?']), "{word} in {text}");
            }
        }
    }
}

#[test]
fn lines_fit_into_a_terminal() {
    for notice in Notice::ALL {
        for &language in notice.languages() {
            let rendered = letters().preview(notice, language).unwrap();
            // Verbatim texts of the samples.
            let theirs = ["Lizenz", "licence", "lisenssi", "status.example.test"];
            let words_of_people = |line: &str| theirs.iter().any(|word| line.contains(word));
            for line in rendered.text.lines().filter(|line| !line.starts_with("https://") && !words_of_people(line)) {
                assert!(line.chars().count() <= 80, "{notice:?} {language:?}: {line}");
            }
        }
    }
}

/// The lines to fill in are found again in what comes back, whether the client marks what it quotes or not.
#[test]
fn the_lines_to_fill_in_come_back_whole() {
    for language in Language::ALL {
        let mut letter = letter_of_form(Notice::FormQuestion, language);
        letter.vars.form.block = "First name: \nAccount ID: ".to_owned();
        let text = letters().render(&letter).unwrap().text;
        let filled = text.replace("First name:", "First name: Jane").replace("Account ID: \n", "Account ID: 4711\n");
        for mark in ["", "> "] {
            let quoted: String = filled.lines().map(|line| format!("{mark}{line}\n")).collect();
            let mail = read(format!("From: jane@example.test\nSubject: Re: x\n\n{quoted}").as_bytes());
            let all = format!("{}\n{}", mail.reply_text, mail.quoted_text);
            assert!(all.lines().any(|line| line.trim_start_matches("> ").trim_end() == "First name: Jane"), "{all}");
        }
    }
}

/// What was written for an ID that was completed is said in every language.
#[test]
fn a_completed_id_is_said_in_every_language() {
    let lines = Language::ALL.iter().flat_map(|language| {
        [Notice::FormReceived, Notice::FormQuestion].map(|notice| {
            let text = letters().render(&letter_of_form(notice, *language)).unwrap();
            let text = text_with_subject(&text);
            let line = text.lines().find(|line| line.contains("4711 0815")).unwrap_or_else(|| panic!("{text}"));
            format!("{} {notice:?} {line}", language.code())
        })
    });
    insta::assert_snapshot!("completed_ids", lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn values_of_forms_are_shown_as_they_are() {
    let trap = "**bold** <b>x</b> [link](https://evil.example.test/) {{case_id}} `code` # - 1. > &lt; \\*";
    let entry = EntryVars {
        label: trap.to_owned(),
        value: trap.to_owned(),
        place: "prose".to_owned(),
        typed: trap.to_owned(),
        field: "field".to_owned(),
    };
    let missing = MissingVars {
        label: trap.to_owned(),
        example: trap.to_owned(),
        value: trap.to_owned(),
        problem: "invalid".to_owned(),
        field: "field".to_owned(),
    };
    for notice in Notice::ALL.into_iter().filter(|notice| *notice >= Notice::FormQuestion) {
        let mut letter = letter_of_form(notice, Language::En);
        letter.vars.form.title = trap.to_owned();
        letter.vars.form.understood = vec![entry.clone()];
        letter.vars.form.missing = vec![missing.clone()];
        letter.vars.form.block = format!("{trap}\n{trap}");
        letter.vars.user = UserVars {
            user_name: trap.to_owned(),
            name: trap.to_owned(),
            state: "active".to_owned(),
            company: trap.to_owned(),
            portals: vec![trap.to_owned()],
            ..UserVars::default()
        };
        letter.vars.portal = PortalVars { name: trap.to_owned(), ..PortalVars::default() };
        letter.vars.results =
            vec![ResultVars { command: trap.to_owned(), ok: false, said: trap.to_owned(), undo: trap.to_owned() }];
        letter.vars.when = trap.to_owned();
        letter.vars.words = trap.to_owned();
        letter.vars.detail = trap.to_owned();
        let rendered = letters().render(&letter).unwrap();
        let text = rendered.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let count = |needle: &str| text.matches(needle).count();
        assert_eq!(count("**bold** <b>x</b> [link](https://evil.example.test/) {{case_id}}"), count("evil"), "{text}");
        let body = rendered.html.split_once("<body").unwrap().1;
        for tag in ["<b>", "<code", "<em", "<h2", "evil.example.test/\">link"] {
            assert!(!body.contains(tag), "{notice:?}: {tag} in {body}");
        }
        well_formed(&rendered.bytes);
    }
}
