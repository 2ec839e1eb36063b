//! What is learnt from all rows, as the files that are compiled in.

use caseway::intent::features::BITS;
use caseway::intent::model::MAGIC;
use caseway::intent::question::Question;
use caseway::intent::wish::{MODEL, Wish};

use crate::rows::{self, Answer, Mail};
use crate::train::{self, Sample, Settings};

/// Parts that writers are dealt to; each is measured by what was learnt from the others.
pub const PARTS: usize = 8;
/// For what mails want.
pub const WISHES: Settings = Settings { bits: BITS, passes: 12, rate: 0.3, decay: 0.0, writers: 3 };
/// For questions of yes and no.
pub const YES_NO: Settings = Settings { bits: 14, ..WISHES };
/// For choices, and for what mails state.
pub const CHOICES: Settings = Settings { bits: 13, writers: 2, ..WISHES };
/// Mails that new classes are told from.
const BACKGROUND: usize = 200;

/// All models, as one file.
pub fn trained(mails: &[Mail], answers: &[Answer]) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    let names = Wish::ALL.map(|(name, _)| name);
    add(&mut file, MODEL, &names, &rows::wishes(mails), WISHES);
    let mut done: Vec<&str> = Vec::new();
    for question in Question::ALL {
        let (answered, _) = rows::answered(answers, question.model());
        let with = if question.labels() == Question::YesNo.labels() { YES_NO } else { CHOICES };
        let both = [
            (question.model(), answered, with),
            (question.stated_model(), rows::stated(mails, answers, question).0, CHOICES),
        ];
        for (name, samples, with) in both {
            if !done.contains(&name) {
                add(&mut file, name, &rows::classes(question), &samples, with);
                done.push(name);
            }
        }
    }
    file
}

/// Trains on everything; the temperature is that of mails whose writers were not known.
fn add(file: &mut Vec<u8>, name: &str, classes: &[&str], samples: &[Sample], with: Settings) {
    let held_out = train::held_out(samples, classes.len(), with, PARTS);
    let temperature = train::temperature(samples, &held_out);
    let all: Vec<&Sample> = samples.iter().collect();
    let weights = train::train(&all, classes.len(), with);
    println!("{name}: {} samples, temperature {temperature:.2}", samples.len());
    weights.quantised(name, classes, temperature).write(file);
}

/// Some short mails of every kind, each on one line.
pub fn background(mails: &[Mail]) -> String {
    let line =
        |mail: &Mail| format!("{} {}", mail.subject, mail.words).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut lines = Vec::new();
    let per_wish = BACKGROUND / Wish::ALL.len();
    for (_, wish) in Wish::ALL {
        let many = if wish == Wish::Other { per_wish * 3 } else { per_wish };
        let short: Vec<&Mail> = mails.iter().filter(|mail| mail.wish == wish && mail.words.len() < 240).collect();
        let step = (short.len() / many).max(1);
        lines.extend(short.iter().step_by(step).take(many).map(|mail| line(mail)));
    }
    lines.join("\n") + "\n"
}
