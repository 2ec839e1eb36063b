//! Invented forms, accounts, links and commands.

use crate::desk::notice::flow::{
    ApprovalVars, CommandVars, EntryVars, FormVars, LinkToVars, MissingVars, PortalVars, ResultVars, StandingVars,
    UserVars,
};
use crate::desk::notice::kind::Notice;
use crate::desk::notice::vars::Vars;
use crate::mail::language::Language;

/// A name that no language translates.
const PORTAL: &str = "Example Portal";

/// What the sample's forms are called and hold, in one language.
struct Talk {
    registration: &'static str,
    second_factor: &'static str,
    file: &'static str,
    first_name: &'static str,
    email: &'static str,
    account: &'static str,
    vouches: &'static str,
    installation: &'static str,
    ends: &'static str,
    voucher: &'static str,
    date: &'static str,
    moment: &'static str,
    approved: &'static str,
    no_field: &'static str,
    with_file: &'static str,
}

fn talk(language: Language) -> Talk {
    match language {
        Language::De => Talk {
            registration: "Portalzugang",
            second_factor: "Zurücksetzen des zweiten Faktors",
            file: "Registrierung eines Servers ohne Netz",
            first_name: "Vorname",
            email: "E-Mail",
            account: "Konto-ID",
            vouches: "Wer kann für Sie bürgen",
            installation: "Installations-ID",
            ends: "Lizenz endet am",
            voucher: "Anna Schmidt, Leiterin IT, +49 89 1234",
            date: "30.6.2027",
            moment: "15.3.2025, 10:02 UTC",
            approved: "eine von zwei Freigaben; eine zweite Person wird gefragt",
            no_field: "dieses Feld gibt es nicht",
            with_file: "Guten Tag Frau Müller,\n\nanbei die Datei für Ihren Server.\n\nFreundliche Grüße\nMika",
        },
        Language::Fi => Talk {
            registration: "Portaalin käyttäjätunnus",
            second_factor: "Kaksivaiheisen tunnistautumisen nollaus",
            file: "Verkottoman palvelimen rekisteröinti",
            first_name: "Etunimi",
            email: "Sähköposti",
            account: "Asiakastunnus",
            vouches: "Kuka voi vahvistaa henkilöllisyytesi",
            installation: "Asennustunnus",
            ends: "Lisenssi päättyy",
            voucher: "Anna Salo, tietohallintopäällikkö, 09 1234",
            date: "30.6.2027",
            moment: "15.3.2025, 10:02 UTC",
            approved: "ensimmäinen hyväksyntä kahdesta; toiselta pyydetään toista",
            no_field: "tämän nimistä kenttää ei ole",
            with_file: "Hei Jaana,\n\ntässä on tiedosto palvelintasi varten.\n\nTerveisin\nMika",
        },
        _ => Talk {
            registration: "Portal account",
            second_factor: "Reset of the second factor",
            file: "Registration of an offline server",
            first_name: "First name",
            email: "Email",
            account: "Account ID",
            vouches: "Who can vouch for you",
            installation: "Installation ID",
            ends: "Licence ends on",
            voucher: "Anna Smith, head of IT, +44 20 7946 0001",
            date: "30 June 2027",
            moment: "15 March 2025, 10:02 UTC",
            approved: "one of two approvals; a second engineer is asked",
            no_field: "there is no field of this name",
            with_file: "Hello Jane,\n\nhere is the file for your server.\n\nBest regards\nMika",
        },
    }
}

/// Fills in what a notice says about forms and accounts, and nothing else.
pub fn fill(vars: Vars, notice: Notice, language: Language) -> Vars {
    let talk = talk(language);
    let hours = match notice {
        Notice::PasswordReset => 1,
        Notice::ActivationCode => 2,
        _ => 72,
    };
    Vars {
        words: if notice == Notice::RegistrationFile { talk.with_file.to_owned() } else { vars.words.clone() },
        form: form(&talk, notice),
        link: LinkToVars {
            url: format!("https://desk.example.test/{}/hQ3vX9mTq0bW7cJk2LrY5uAeZ8sNf1GdPoI6xVtB4Kw", path(notice)),
            page: "https://desk.example.test/activate".to_owned(),
            code: "7KQM-2HXD".to_owned(),
            hours,
        },
        user: UserVars {
            user_name: "jane@example.test".to_owned(),
            name: vars.requester.name.clone(),
            state: "active".to_owned(),
            company: "Example Ltd".to_owned(),
            second_factor: true,
            portals: vec![PORTAL.to_owned()],
            administrators: 1,
        },
        portal: PortalVars {
            name: PORTAL.to_owned(),
            url: "https://portal.example.test/".to_owned(),
            forgot_url: "https://desk.example.test/forgot".to_owned(),
        },
        approvals: ApprovalVars { given: 0, needed: 2 },
        when: when(&talk, notice).to_owned(),
        results: vec![
            ResultVars {
                command: "#approve".to_owned(),
                ok: true,
                said: talk.approved.to_owned(),
                undo: "#reject".to_owned(),
            },
            ResultVars {
                command: "#set acount_id 4711-0815".to_owned(),
                ok: false,
                said: talk.no_field.to_owned(),
                undo: String::new(),
            },
        ],
        standing: StandingVars {
            status: "waiting".to_owned(),
            queue: "support".to_owned(),
            priority: "high".to_owned(),
            tags: "billing, vpn".to_owned(),
            copied: "bob@example.test".to_owned(),
            followers: "liisa@desk.example.test".to_owned(),
        },
        commands: if notice == Notice::CommandResult { Vec::new() } else { commands(&talk) },
        ..vars
    }
}

fn commands(talk: &Talk) -> Vec<CommandVars> {
    vec![CommandVars { usage: "#approve".to_owned(), does: talk.approved.to_owned() }]
}

/// The part of a link without which a notice has no sense.
pub fn least_link(notice: Notice, full: LinkToVars) -> LinkToVars {
    match notice {
        Notice::Activation
        | Notice::ActivationReminder
        | Notice::PasswordReset
        | Notice::SecondFactorPending
        | Notice::SecondFactorEnrol => LinkToVars { url: full.url, ..LinkToVars::default() },
        Notice::ActivationCode => LinkToVars { code: full.code, page: full.page, ..LinkToVars::default() },
        _ => LinkToVars::default(),
    }
}

fn form(talk: &Talk, notice: Notice) -> FormVars {
    let entry = |label: &str, value: &str, place: &str, field: &str| EntryVars {
        label: label.to_owned(),
        value: value.to_owned(),
        place: place.to_owned(),
        typed: String::new(),
        field: field.to_owned(),
    };
    let missing = |label: &str, example: &str, value: &str, problem: &str, field: &str| MissingVars {
        label: label.to_owned(),
        example: example.to_owned(),
        value: value.to_owned(),
        problem: problem.to_owned(),
        field: field.to_owned(),
    };
    let (name, title, action) = match notice {
        Notice::FormHandover => ("second_factor", talk.second_factor, "reset-second-factor"),
        Notice::RegistrationFile | Notice::LicenceReminder => ("offline", talk.file, "registration-file"),
        _ => ("registration", talk.registration, "register"),
    };
    let mut understood = vec![
        entry(talk.first_name, "Jane", "label", "first_name"),
        entry(talk.email, "jane@example.test", "from", "email"),
        EntryVars { typed: "4711 0815".to_owned(), ..entry(talk.account, "4711-0815", "signature", "account_id") },
    ];
    let mut asked = Vec::new();
    let mut block = String::new();
    match notice {
        Notice::FormHandover => understood.push(entry(talk.vouches, talk.voucher, "prose", "vouches")),
        Notice::LicenceReminder => {
            understood = vec![entry(talk.installation, "9f3c-44a1", "label", "installation")];
            block = format!("{}: 9f3c-44a1\n{}: ", talk.installation, talk.ends);
        }
        Notice::FormQuestion => {
            understood.truncate(2);
            asked = vec![
                missing(talk.account, "4711-0815", "4711", "invalid", "account_id"),
                missing(talk.vouches, "", "", "missing", "vouches"),
                missing(talk.installation, "9f3c-44a1", "9f3c-44a1, 9f3c-44a7", "conflict", "installation"),
            ];
            block = asked.iter().map(|field| format!("{}: \n", field.label)).collect();
        }
        _ => {}
    }
    FormVars {
        name: name.to_owned(),
        title: title.to_owned(),
        action: action.to_owned(),
        platform: String::new(),
        understood,
        missing: asked,
        block,
    }
}

fn path(notice: Notice) -> &'static str {
    match notice {
        Notice::PasswordReset => "reset",
        Notice::SecondFactorPending => "stop",
        Notice::SecondFactorEnrol => "enrol",
        _ => "activate",
    }
}

fn when(talk: &Talk, notice: Notice) -> &'static str {
    match notice {
        Notice::RegistrationFile | Notice::LicenceReminder => talk.date,
        _ => talk.moment,
    }
}
