//! The mails and answers of this folder, as samples.

use std::collections::BTreeMap;
use std::path::Path;

use caseway::intent::features::{self, Text};
use caseway::intent::question::{NOTHING, Question};
use caseway::intent::wish::{Said, Wish};
use caseway::mail::subject;
use serde_json::Value;

use crate::train::Sample;

/// A mail, and what somebody who reads it with care finds in it.
#[derive(Debug, Clone)]
pub struct Mail {
    pub writer: String,
    pub lang: String,
    pub mailbox: Option<Wish>,
    pub subject: String,
    /// The writer's own words, as `mail/` cuts them.
    pub words: String,
    pub wish: Wish,
    pub values: BTreeMap<String, Value>,
}

/// An answer to a question.
#[derive(Debug, Clone)]
pub struct Answer {
    pub writer: String,
    pub question: Question,
    pub words: String,
    pub label: String,
}

/// What a mailbox is for.
fn mailbox(to: &str) -> Option<Wish> {
    match to {
        "registration" => Some(Wish::Register),
        "second-factor" => Some(Wish::ResetSecondFactor),
        "offline" => Some(Wish::RegistrationFile),
        _ => None,
    }
}

/// What the rows call a form, or an intent.
fn wish(form: &str, intent: &str) -> Wish {
    match form {
        "registration" => Wish::Register,
        "sign-in" => Wish::SignInHelp,
        "password" => Wish::ResetPassword,
        "second-factor" => Wish::ResetSecondFactor,
        "offline" => Wish::RegistrationFile,
        "allow-list" => Wish::AllowList,
        "partner-sign-in" => Wish::PartnerSignInHelp,
        _ => Wish::parse(intent).unwrap_or(Wish::Other),
    }
}

fn lines(folder: &Path, prefix: &str) -> Vec<Value> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let fits = |name: &str| name.starts_with(prefix) && name.ends_with(".jsonl");
    files.retain(|path| path.file_name().is_some_and(|name| fits(&name.to_string_lossy())));
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    files.iter().flat_map(read).collect()
}

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or_default().to_owned()
}

/// All mails of a folder; `cut` finds the writer's own words in a row.
pub fn mails(folder: &Path, cut: impl Fn(&Value) -> String) -> Vec<Mail> {
    let mail = |row: &Value| Mail {
        writer: text(row, "writer"),
        lang: text(row, "lang"),
        mailbox: mailbox(&text(row, "to")),
        subject: text(row, "subject"),
        words: cut(row),
        wish: wish(&text(row, "form"), &text(row, "intent")),
        values: row["values"].as_object().map(|all| all.clone().into_iter().collect()).unwrap_or_default(),
    };
    lines(folder, "mails").iter().map(mail).collect()
}

/// All answers of a folder.
pub fn answers(folder: &Path) -> Vec<Answer> {
    let answer = |row: &Value| {
        let asked = text(row, "asked");
        let question = Question::ALL.into_iter().find(|question| question.as_str() == asked)?;
        let (writer, words, label) = (text(row, "writer"), text(row, "body"), text(row, "answer"));
        Some(Answer { writer, question, words, label })
    };
    lines(folder, "answers").iter().filter_map(answer).collect()
}

/// What mails want.
pub fn wishes(mails: &[Mail]) -> Vec<Sample> {
    let sample = |mail: &Mail| Sample {
        features: Said {
            subject: &mail.subject,
            is_reply: subject::is_reply(&mail.subject),
            words: &mail.words,
            mailbox: mail.mailbox,
        }
        .features()
        .list,
        label: Wish::ALL.iter().position(|(_, wish)| *wish == mail.wish).unwrap(),
        writer: mail.writer.clone(),
    };
    mails.iter().map(sample).collect()
}

/// The classes of a question's models.
pub fn classes(question: Question) -> Vec<&'static str> {
    question.labels().iter().copied().chain([NOTHING]).collect()
}

fn class(question: Question, label: &str) -> usize {
    classes(question).iter().position(|class| *class == label).unwrap_or(question.labels().len())
}

/// What answers say; those of one model together. The last number is how many of them are as people wrote them.
pub fn answered(answers: &[Answer], model: &str) -> (Vec<Sample>, usize) {
    let of_model: Vec<&Answer> = answers.iter().filter(|answer| answer.question.model() == model).collect();
    let sample = |question: Question, words: &str, label: &str, writer: &str| Sample {
        features: question.features(words).list,
        label: class(question, label),
        writer: writer.to_owned(),
    };
    let mut samples: Vec<Sample> =
        of_model.iter().map(|answer| sample(answer.question, &answer.words, &answer.label, &answer.writer)).collect();
    let written = samples.len();
    // A question of no name has no words of its own.
    for answer in of_model.iter().filter(|answer| answer.question.labels() == Question::YesNo.labels()) {
        samples.push(sample(Question::YesNo, &answer.words, &answer.label, &answer.writer));
    }
    // Two questions of one mail are answered in one text, in their order.
    for (at, first) in answers.iter().enumerate() {
        let others = answers.iter().skip(at + 1).filter(|other| other.writer == first.writer);
        for other in others.filter(|other| asked_together(first.question, other.question)).take(3) {
            let (first, second) = if is_first(first.question) { (first, other) } else { (other, first) };
            let both = format!("{}\n{}", first.words, second.words);
            for answer in [first, second].into_iter().filter(|answer| answer.question.model() == model) {
                samples.push(sample(answer.question, &both, &answer.label, &answer.writer));
            }
        }
    }
    // What answers another question says nothing about this one.
    let elsewhere = answers.iter().filter(|answer| answer.question.model() != model && answer.label != NOTHING);
    for (at, other) in elsewhere.enumerate().filter(|(at, _)| at % 4 == 0) {
        let Some(question) = of_model.get(at % of_model.len().max(1)).map(|answer| answer.question) else { continue };
        if !asked_together(question, other.question) {
            samples.push(sample(question, &other.words, NOTHING, &other.writer));
        }
    }
    (samples, written)
}

fn is_first(question: Question) -> bool {
    matches!(question, Question::DeviceAtHand | Question::Category)
}

fn asked_together(one: Question, other: Question) -> bool {
    let pairs = [(Question::DeviceAtHand, Question::OtherAdministrator), (Question::Category, Question::Scope)];
    pairs.contains(&(one, other)) || pairs.contains(&(other, one))
}

/// What mails say of a question by themselves. The last number is how many of them are mails.
pub fn stated(mails: &[Mail], answers: &[Answer], question: Question) -> (Vec<Sample>, usize) {
    let wish = match question {
        Question::DeviceAtHand | Question::OtherAdministrator | Question::YesNo => Wish::ResetSecondFactor,
        Question::Platform => Wish::RegistrationFile,
        Question::Scope | Question::Category => Wish::AllowList,
    };
    let sample = |subject: &str, words: &str, label: &str, writer: &str| Sample {
        features: features::of(&Text { subject, words, ..Text::default() }).list,
        label: class(question, label),
        writer: writer.to_owned(),
    };
    let mut samples: Vec<Sample> = Vec::new();
    for mail in mails.iter().filter(|mail| mail.wish == wish) {
        let label = mail.values.get(question.as_str()).and_then(Value::as_str).unwrap_or(NOTHING);
        samples.push(sample(&mail.subject, &mail.words, label, &mail.writer));
    }
    let written = samples.len();
    for answer in answers.iter().filter(|answer| answer.question == question) {
        samples.push(sample("", &answer.words, &answer.label, &answer.writer));
    }
    (samples, written)
}
