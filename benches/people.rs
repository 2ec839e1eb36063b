//! What people want, learnt and measured on the mails of tests/people. `train` writes the weights that are compiled in; without
//! it, the same training without some of the writers is measured on those writers' mails.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a bench")]

#[path = "../tests/people/keywords.rs"]
mod keywords;
#[path = "../tests/people/measure.rs"]
mod measure;
#[path = "../tests/people/rows.rs"]
mod rows;
#[path = "../tests/people/train.rs"]
mod train;
#[path = "../tests/people/weights.rs"]
mod weights;

use std::path::Path;

use caseway::mail;
use serde_json::Value;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("tests/people");
    let mails = rows::mails(&folder, own_words);
    let answers = rows::answers(&folder);
    println!("{} mails and {} answers", mails.len(), answers.len());
    if std::env::args().any(|argument| argument == "train") {
        let file = weights::trained(&mails, &answers);
        println!("trained.bin: {} octets", file.len());
        std::fs::write(root.join("src/intent/trained.bin"), file).unwrap();
        std::fs::write(root.join("src/intent/background.txt"), weights::background(&mails)).unwrap();
    } else {
        measure::all(root, &mails, &answers);
    }
}

/// What is left of a row's body when it comes as a mail, without quotes and signature.
fn own_words(row: &Value) -> String {
    let text = |key: &str| row[key].as_str().unwrap_or_default();
    let head = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit";
    let body = text("body").replace('\n', "\r\n");
    let raw = format!("From: {}\r\nSubject: {}\r\n{head}\r\n\r\n{body}\r\n", text("from"), text("subject"));
    mail::read(raw.as_bytes()).reply_text.clone()
}
