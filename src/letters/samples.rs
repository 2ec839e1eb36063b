//! A case of our own invention, for previews and for trying every template at start.

mod flow;

use jiff::Timestamp;

use super::codes::{self, reasons_of};
use crate::desk::notice::kind::Notice;
use crate::desk::notice::letter::Letter;
use crate::desk::notice::vars::{DeskVars, FileVars, LinkVars, Quote, Vars};
use crate::mail::language::{Language, unwritten};
use crate::mail::{Address, Attachment};

/// What the people of the sample say, in one language.
struct Talk {
    customer: &'static str,
    subject: &'static str,
    hours: &'static str,
    phone: &'static str,
    link: &'static str,
    incident: &'static str,
    question: &'static str,
    answer: &'static str,
    /// When the question was asked.
    date: &'static str,
    limit: &'static str,
}

fn talk(language: Language) -> Talk {
    match language {
        Language::De => Talk {
            customer: "Jana Müller",
            subject: "Lizenz nach dem Update abgelaufen",
            hours: "Montag bis Freitag, 9 bis 17 Uhr (MEZ)",
            phone: "München +49 89 1234",
            link: "Hilfeseiten",
            incident: "Die Anmeldung am Portal ist heute langsam. Wir arbeiten daran: https://status.example.test/",
            question: "Guten Tag,\n\nseit dem Update von heute früh meldet die Konsole auf allen 40 Rechnern „Lizenz \
                       abgelaufen“, obwohl wir im März verlängert haben.\nDas Protokoll hängt an.\n\nJana Müller",
            answer: "Guten Tag Frau Müller,\n\ndas Update hat die verlängerte Lizenz nicht gefunden. Bitte öffnen Sie \
                     Einstellungen > Lizenz und drücken Sie „Aktualisieren“; die Rechner folgen innerhalb einer \
                     Stunde.\n\nFreundliche Grüße\nMika",
            date: "14. März 2025 um 10:02 MEZ",
            limit: "25 MB",
        },
        Language::Fi => Talk {
            customer: "Jaana Koski",
            subject: "Lisenssi vanhentui päivityksen jälkeen",
            hours: "maanantaista perjantaihin klo 8–17",
            phone: "Helsinki 09 1234",
            link: "Ohjesivut",
            incident: "Portaaliin kirjautuminen on tänään hidasta. Selvitämme asiaa: https://status.example.test/",
            question: "Hei,\n\naamun päivityksestä lähtien konsoli ilmoittaa kaikilla 40 koneella, että lisenssi on \
                       vanhentunut, vaikka uusimme sen maaliskuussa.\nLoki on liitteenä.\n\nJaana",
            answer: "Hei Jaana,\n\npäivitys ei löytänyt uusittua lisenssiä. Avaa Asetukset > Lisenssi ja valitse \
                     ”Päivitä”; koneet seuraavat tunnin sisällä.\n\nTerveisin\nMika",
            date: "14.3.2025 klo 10.02",
            limit: "25 Mt",
        },
        _ => Talk {
            customer: "Jane Doe",
            subject: "Licence expired after the update",
            hours: "Monday to Friday, 8 am to 5 pm (EET)",
            phone: "Helsinki +358 9 1234",
            link: "Help pages",
            incident: "Sign-in to the portal is slow today. We are on it: https://status.example.test/",
            question: "Hello,\n\nsince this morning's update the console says \"licence expired\" on all 40 machines, \
                       although we renewed in March.\nThe log is attached.\n\nJane",
            answer: "Hello Jane,\n\nthe update did not find the renewed licence. Please open Settings > Licence and \
                     press \"Refresh\"; the machines follow within the hour.\n\nBest regards\nMika",
            date: "14 March 2025 at 10:02 EET",
            limit: "25 MB",
        },
    }
}

/// Every field filled: what a preview shows.
pub fn full(notice: Notice, language: Language) -> Vars {
    let talk = talk(language);
    let customer = Address::new(talk.customer, "jane@example.test");
    let engineer = Address::new("Mika Virtanen", "mika@desk.example.test");
    let is_answer = notice.is_by_engineer();
    let passes_on = matches!(notice, Notice::NewTicket | Notice::CustomerReply | Notice::Held | Notice::FormHandover);
    let vars = Vars {
        desk: DeskVars {
            name: "Example Support".to_owned(),
            address: "support@example.test".to_owned(),
            hours: talk.hours.to_owned(),
            phones: vec![talk.phone.to_owned(), "+44 20 7946 0000".to_owned()],
            links: vec![LinkVars { label: talk.link.to_owned(), url: "https://help.example.test/".to_owned() }],
            incident: talk.incident.to_owned(),
        },
        case_id: "CASE-1042".to_owned(),
        subject: talk.subject.to_owned(),
        recipient: if notice.is_to_customer() { customer.clone() } else { engineer.clone() },
        author: match notice {
            Notice::Answer | Notice::RegistrationFile => Address::new(engineer.name.clone(), ""),
            Notice::Unproven | Notice::HandedOver | Notice::Note => engineer.clone(),
            _ => customer.clone(),
        },
        requester: customer.clone(),
        assignee: engineer,
        words: match notice {
            Notice::Answer | Notice::NotPassedOn | Notice::Note => talk.answer.to_owned(),
            _ if passes_on => talk.question.to_owned(),
            _ => String::new(),
        },
        quote: if is_answer || notice == Notice::HandedOver {
            Quote { author: talk.customer.to_owned(), date: talk.date.to_owned(), text: talk.question.to_owned() }
        } else {
            Quote::default()
        },
        files: if passes_on { files() } else { Vec::new() },
        linked_case_id: if matches!(notice, Notice::Held | Notice::Unproven) {
            "CASE-1017".to_owned()
        } else {
            String::new()
        },
        reason: reasons_of(notice).first().copied().unwrap_or_default().to_owned(),
        detail: match notice {
            Notice::DeliveryFailed => "mail to jane@example.test came back (5.1.1): no such user here",
            Notice::Trouble => "[mailbox.support] is not read any more: the login was refused",
            _ => "",
        }
        .to_owned(),
        note_address: if notice.is_to_customer() { "" } else { "support+note-r4k7@example.test" }.to_owned(),
        limit: if notice == Notice::FirstContacts { "40" } else { talk.limit }.to_owned(),
        ..Vars::default()
    };
    flow::fill(vars, notice, language)
}

fn files() -> Vec<FileVars> {
    let file = |name: &str, size: &str, attached| FileVars { name: name.to_owned(), size: size.to_owned(), attached };
    vec![file("console.log", "184 KB", true), file("dump.zip", "31 MB", false)]
}

/// Only what every mail has: the other side of every `{{#if}}`.
pub fn bare(notice: Notice, language: Language) -> Vars {
    let full = full(notice, language);
    Vars {
        desk: DeskVars { name: full.desk.name, address: full.desk.address, ..DeskVars::default() },
        case_id: full.case_id,
        recipient: full.recipient,
        link: flow::least_link(notice, full.link),
        ..Vars::default()
    }
}

/// Every field filled, whatever the notice: every name in a template can be looked up in it.
pub fn everything(language: Language) -> Vars {
    let asked = flow::fill(Vars::default(), Notice::FormQuestion, language);
    Vars {
        files: files(),
        linked_case_id: "CASE-1017".to_owned(),
        detail: "421 4.7.0 try again later".to_owned(),
        language_note: unwritten("cs").unwrap_or_default().to_owned(),
        form: asked.form,
        ..full(Notice::Answer, language)
    }
}

/// All values that a template is tried with: each code once.
pub fn trials(notice: Notice, language: Language) -> Vec<Vars> {
    let full = full(notice, language);
    let mut trials = vec![bare(notice, language), everything(language)];
    trials.extend(reasons_of(notice).iter().map(|code| Vars { reason: (*code).to_owned(), ..full.clone() }));
    trials.extend(codes::ACTIONS.map(|code| with(&full, |vars| vars.form.action = code.to_owned())));
    trials.extend(codes::PLATFORMS.map(|code| with(&full, |vars| vars.form.platform = code.to_owned())));
    trials.extend(codes::STATES.map(|code| with(&full, |vars| vars.user.state = code.to_owned())));
    trials.extend(codes::STATUSES.map(|code| with(&full, |vars| vars.standing.status = code.to_owned())));
    trials.extend(codes::PRIORITIES.map(|code| with(&full, |vars| vars.standing.priority = code.to_owned())));
    trials.push(Vars { reason: "unknown".to_owned(), ..full });
    trials
}

fn with(vars: &Vars, change: impl FnOnce(&mut Vars)) -> Vars {
    let mut vars = vars.clone();
    change(&mut vars);
    vars
}

/// A whole letter for a preview.
pub fn letter(notice: Notice, language: Language) -> Letter {
    let vars = full(notice, language);
    let desk = Address::new(vars.desk.name.clone(), &vars.desk.address);
    let from = if notice.is_by_engineer() { Address::new(vars.author.name.clone(), &desk.email) } else { desk.clone() };
    Letter {
        notice,
        language,
        from,
        reply_to: desk,
        to: vec![vars.recipient.clone()],
        cc: Vec::new(),
        message_id: format!("preview.{}.{}@example.test", notice.as_str(), language.code()),
        in_reply_to: Some("question@example.test".to_owned()),
        references: vec!["question@example.test".to_owned()],
        date: Timestamp::UNIX_EPOCH,
        delivery: String::new(),
        no_reactions: true,
        files: attached(&vars.files),
        vars,
    }
}

fn attached(files: &[FileVars]) -> Vec<Attachment> {
    files
        .iter()
        .filter(|file| file.attached)
        .map(|file| Attachment {
            filename: file.name.clone(),
            content_type: "text/plain".to_owned(),
            content_id: None,
            inline: false,
            content: b"08:14 licence check: no licence found\n".to_vec(),
        })
        .collect()
}
