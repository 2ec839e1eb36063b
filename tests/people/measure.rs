//! What was learnt, measured on writers whom it does not know.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use caseway::intent::examples::Taught;
use caseway::intent::features::Feature;
use caseway::intent::judge::judge;
use caseway::intent::model::softmax;
use caseway::intent::question::Question;
use caseway::intent::wish::{self, Said, Wish};
use caseway::mail::subject;

use crate::keywords;
use crate::rows::{self, Answer, Mail};
use crate::train::{self, Sample, Settings};
use crate::weights::{CHOICES, PARTS, WISHES, YES_NO};

/// From which probability on a form begins.
const BEGINS: f32 = wish::BEGINS;

/// Prints everything.
pub fn all(root: &Path, mails: &[Mail], answers: &[Answer]) {
    let samples = rows::wishes(mails);
    let logits = train::held_out(&samples, Wish::ALL.len(), WISHES, PARTS);
    let temperature = train::temperature(&samples, &logits);
    let judged: Vec<Judged> =
        samples.iter().zip(&logits).map(|(sample, logits)| Judged::of(sample, logits, temperature)).collect();
    println!("\nWhat mails want, by writers who were not learnt from ({PARTS} parts, temperature {temperature:.2})");
    figures("learnt", mails, judged.iter().map(Judged::begins));
    figures("plain TF-IDF", mails, tf_idf(mails).iter().map(Judged::begins));
    figures("words and subjects of the example configuration", mails, keywords::all(root, mails).into_iter());
    languages(mails, &judged);
    reliability(&judged);
    confusion(&judged);
    println!("\nAnswers to questions, and what mails state by themselves");
    for question in Question::ALL.into_iter().filter(|question| *question != Question::YesNo) {
        let (samples, written) = rows::answered(answers, question.model());
        let with = if question.labels() == Question::YesNo.labels() { YES_NO } else { CHOICES };
        if question != Question::DeviceAtHand {
            answered(question.model(), &samples, written, question, with);
        }
        let (samples, written) = rows::stated(mails, answers, question);
        answered(question.stated_model(), &samples, written, question, CHOICES);
    }
    speed(root, mails);
}

/// A mail, and what was made of it.
struct Judged {
    wanted: usize,
    found: usize,
    probability: f32,
}

impl Judged {
    fn of(sample: &Sample, logits: &[f32], temperature: f32) -> Self {
        let cooled: Vec<f32> = logits.iter().map(|logit| logit / temperature).collect();
        let all = softmax(&cooled);
        let found = (0..all.len()).max_by(|one, other| all[*one].total_cmp(&all[*other])).unwrap();
        Self { wanted: sample.label, found, probability: all[found] }
    }

    /// The form that it begins.
    fn begins(&self) -> Option<Wish> {
        let wish = Wish::ALL[self.found].1;
        (wish.is_form() && self.probability >= BEGINS).then_some(wish)
    }

    fn is_right(&self) -> bool {
        self.wanted == self.found
    }
}

fn percent(part: usize, whole: usize) -> f32 {
    100.0 * part as f32 / whole.max(1) as f32
}

/// How often the right form begins, how often a wrong one, and how often none though one is wanted.
fn figures(name: &str, mails: &[Mail], begun: impl Iterator<Item = Option<Wish>>) {
    let (mut right, mut wrong, mut missed, mut forms) = (0, 0, 0, 0);
    for (mail, begun) in mails.iter().zip(begun) {
        let wanted = Some(mail.wish).filter(|wish| wish.is_form());
        forms += usize::from(wanted.is_some());
        right += usize::from(begun == wanted);
        wrong += usize::from(begun.is_some() && begun != wanted);
        missed += usize::from(begun.is_none() && wanted.is_some());
    }
    let many = mails.len();
    println!(
        "  {name:50} right form or none {:5.1} %   wrong form begun {wrong:4} ({:4.1} %)   missed {missed:4} of {forms}",
        percent(right, many),
        percent(wrong, many)
    );
}

fn languages(mails: &[Mail], judged: &[Judged]) {
    let mut by: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (mail, judged) in mails.iter().zip(judged) {
        let wanted = Some(mail.wish).filter(|wish| wish.is_form());
        let (right, all) = by.entry(&mail.lang).or_default();
        *right += usize::from(judged.begins() == wanted);
        *all += 1;
    }
    let each = by.iter().map(|(lang, (right, all))| format!("{lang} {:.0} % of {all}", percent(*right, *all)));
    println!("  by language: {}", each.collect::<Vec<_>>().join(", "));
}

/// Of the mails that were given a probability, how many were right.
fn reliability(judged: &[Judged]) {
    println!("  probability   mails   mean    right");
    for tenth in 0..10 {
        let low = tenth as f32 / 10.0;
        let within = |judged: &&Judged| judged.probability >= low && (judged.probability < low + 0.1 || tenth == 9);
        let some: Vec<&Judged> = judged.iter().filter(within).collect();
        if !some.is_empty() {
            let mean = some.iter().map(|judged| judged.probability).sum::<f32>() / some.len() as f32;
            let right = some.iter().filter(|judged| judged.is_right()).count();
            println!(
                "  {low:.1}–{:.1} {:11} {mean:7.2} {:7.2}",
                low + 0.1,
                some.len(),
                percent(right, some.len()) / 100.0
            );
        }
    }
    let unsure = judged.iter().filter(|judged| judged.probability < BEGINS).count();
    println!("  below {BEGINS}, where nothing is believed: {:.1} %", percent(unsure, judged.len()));
}

/// What is taken for what, the commonest first.
fn confusion(judged: &[Judged]) {
    let right = judged.iter().filter(|judged| judged.is_right()).count();
    println!("  right of all {} classes: {:.1} %; taken for another:", Wish::ALL.len(), percent(right, judged.len()));
    let mut pairs: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for judged in judged.iter().filter(|judged| !judged.is_right()) {
        *pairs.entry((judged.wanted, judged.found)).or_default() += 1;
    }
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_by_key(|(pair, many)| (std::cmp::Reverse(*many), *pair));
    let one = |((wanted, found), many): &((usize, usize), usize)| {
        format!("{} as {} {many}", Wish::ALL[*wanted].0, Wish::ALL[*found].0)
    };
    println!("    {}", pairs.iter().take(16).map(one).collect::<Vec<_>>().join(", "));
}

fn answered(name: &str, samples: &[Sample], written: usize, question: Question, with: Settings) {
    let many = question.labels().len() + 1;
    let logits = train::held_out(samples, many, with, PARTS);
    let temperature = train::temperature(samples, &logits);
    let judged: Vec<Judged> = samples
        .iter()
        .zip(&logits)
        .take(written)
        .map(|(sample, logits)| Judged::of(sample, logits, temperature))
        .collect();
    let clear = judged.iter().filter(|judged| judged.wanted + 1 < many).count();
    print!("  {name:28} {written:4}, {clear:4} of them clear;");
    for least in [0.5, 0.7, 0.8, 0.9] {
        let taken = judged.iter().filter(|judged| judged.found + 1 < many && judged.probability >= least);
        let taken: Vec<&Judged> = taken.collect();
        let right = taken.iter().filter(|judged| judged.is_right()).count();
        print!("  from {least}: {:.0} % read, {} wrong", percent(right, clear), taken.len() - right);
    }
    println!();
}

/// Words alone, weighed by how rare they are, and the same training.
fn tf_idf(mails: &[Mail]) -> Vec<Judged> {
    let bucket = |word: &str| {
        word.bytes().fold(0x811c_9dc5_u32, |hash, octet| (hash ^ u32::from(octet)).wrapping_mul(0x0100_0193)) >> 16
    };
    let words = |mail: &Mail| -> BTreeMap<u32, f32> {
        let text = format!("{} {}", mail.subject, mail.words).to_lowercase();
        let mut counted = BTreeMap::new();
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).for_each(|word| {
            *counted.entry(bucket(word)).or_insert(0.0) += 1.0;
        });
        counted
    };
    let counted: Vec<BTreeMap<u32, f32>> = mails.iter().map(words).collect();
    let mut mails_with: BTreeMap<u32, f32> = BTreeMap::new();
    counted.iter().flat_map(BTreeMap::keys).for_each(|bucket| *mails_with.entry(*bucket).or_default() += 1.0);
    let sample = |(mail, counted): (&Mail, &BTreeMap<u32, f32>)| {
        let weigh = |(bucket, count): (&u32, &f32)| (*bucket, count * (mails.len() as f32 / mails_with[bucket]).ln());
        let weighed: Vec<(u32, f32)> = counted.iter().map(weigh).collect();
        let length = weighed.iter().map(|(_, value)| value * value).sum::<f32>().sqrt().max(1e-6);
        let features =
            weighed.iter().map(|(bucket, value)| Feature { bucket: *bucket, value: value / length, word: None });
        let label = Wish::ALL.iter().position(|(_, wish)| *wish == mail.wish).unwrap();
        Sample { features: features.collect(), label, writer: mail.writer.clone() }
    };
    let samples: Vec<Sample> = mails.iter().zip(&counted).map(sample).collect();
    let with = Settings { writers: 1, ..WISHES };
    let logits = train::held_out(&samples, Wish::ALL.len(), with, PARTS);
    let temperature = train::temperature(&samples, &logits);
    samples.iter().zip(&logits).map(|(sample, logits)| Judged::of(sample, logits, temperature)).collect()
}

fn speed(root: &Path, mails: &[Mail]) {
    let one = |mail: &Mail| judge(&said(mail), &Taught::default());
    mails.iter().take(20).for_each(|mail| drop(one(mail)));
    let start = Instant::now();
    mails.iter().for_each(|mail| drop(one(mail)));
    let each = start.elapsed() / u32::try_from(mails.len()).unwrap();
    let size = std::fs::metadata(root.join("src/intent/trained.bin")).unwrap().len();
    println!("\n{each:.0?} a mail, unoptimised code; all weights {size} octets");
}

fn said(mail: &Mail) -> Said<'_> {
    Said {
        subject: &mail.subject,
        is_reply: subject::is_reply(&mail.subject),
        words: &mail.words,
        mailbox: mail.mailbox,
    }
}
