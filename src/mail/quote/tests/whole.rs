//! Nothing is lost, whatever the text; and it takes no longer for being hostile.

use std::collections::HashSet;

use proptest::prelude::*;

use super::super::split;

/// Lines that the rules look for, and lines that look like them.
const PIECES: &[&str] = &[
    "",
    " ",
    "Hello,",
    "Thank you.",
    "> quoted",
    ">> deeper",
    ">",
    "> ",
    ">>> prompt",
    "-- ",
    "--",
    "---",
    "________________",
    "On 3 May 2022, Ada Byron <ada@example.test> wrote:",
    "On 3 May 2022 at 10:15, Ada Byron <",
    "ada@example.test> wrote:",
    "wrote:",
    "> wrote:",
    ">:",
    "Am 03.05.2022 schrieb Ada:",
    "From: Ada <ada@example.test>",
    "Sent: 3 May 2022 10:15",
    "To: help@example.test",
    "Subject: x",
    "*Von:* Ada",
    "Date:",
    "-----Original Message-----",
    "---------- Forwarded message ---------",
    "Begin forwarded message:",
    "Sent from my iPhone",
    "##- above this line -##",
    "> ##- above this line -##",
    "##- above",
    "line -##",
    "It works--- On 3 May 2022, Ada <ada@example.test> wrote:",
    "see below:",
    "2022-05-03 10:15",
    "\u{200e}在 2022年5月3日，Ada 写道：",
    "\u{feff}",
    "a very long line that goes on and on until it has to be wrapped by somebody,",
    "rest of it",
    "https://example.test/a/b",
    "\r",
];

const MARKUP: &[&str] = &[
    "<div class=\"gmail_quote\">",
    "<blockquote type=\"cite\">",
    "</blockquote>",
    "</div>",
    "<hr data-marker=\"__DIVIDER__\">",
    "<div id=appendonsend>",
    "<style>",
    "</style>",
    "<!--",
    "-->",
    "&nbsp;",
    "<",
    ">",
    "<blockquote style=\"margin:0 0 0 40px\">",
    "<div class=moz-cite-prefix>",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![8 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => "\\PC{0,40}"];
    prop::collection::vec(piece, 0..40).prop_map(|lines| lines.join("\n"))
}

fn page() -> impl Strategy<Value = String> {
    let piece = prop_oneof![prop::sample::select(MARKUP), prop::sample::select(PIECES)];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// The lines with something on them.
fn words(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !super::super::lines::trim(line).is_empty()).collect()
}

/// Each line of `text`, in order, is the next line of one of the two parts. A line that an attribution shares with
/// words is the next of both: its words in the reply, all of it in the quote.
fn holds_every_line(text: &str, reply: &str, quoted: &str) -> bool {
    let (reply, quoted) = (words(reply), words(quoted));
    // How many lines of each part may be behind us; the same line may stand in both, so there are several ways.
    let mut ways = HashSet::from([(0usize, 0usize)]);
    for line in words(text) {
        let mut next = HashSet::new();
        for (shown, hidden) in ways {
            if reply.get(shown) == Some(&line) {
                next.insert((shown + 1, hidden));
            }
            if quoted.get(hidden) == Some(&line) {
                next.insert((shown, hidden + 1));
                if line.contains("--- On ") && reply.get(shown).is_some_and(|words| line.starts_with(words)) {
                    next.insert((shown + 1, hidden + 1));
                }
            }
        }
        ways = next;
    }
    ways.contains(&(reply.len(), quoted.len()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost(text in text(), page in prop::option::of(page())) {
        let split = split(&text, page.as_deref());
        prop_assert!(holds_every_line(&text, &split.reply, &split.quoted), "{text:?} became {split:?}");
    }

    #[test]
    fn anything_shown_or_known_to_be_empty(text in text()) {
        let split = split(&text, None);
        let empty = words(&split.reply).is_empty();
        prop_assert!(!empty || words(&text).is_empty() || text.contains("##-"), "{text:?} shows nothing");
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400), html in prop::collection::vec(any::<u8>(), 0..400)) {
        let (text, html) = (String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&html));
        let split = split(&text, Some(&html));
        prop_assert!(split.reply.len() + split.quoted.len() <= text.len() * 2 + 2);
    }
}
/// The same line over and over: no line may cost more for what stands above it.
#[test]
fn hostile_texts_cost_what_their_length_costs() {
    for line in [
        "> quoted\n",
        "Ada Byron <ada@example.test> wrote\n",
        "On 3 May 2022 we wrote:\n",
        "From: Ada\n",
        "To: x\n",
        "Date: x\nTo: y\n",
        "Subject: a\nhello\n",
        "> a\nanswer\n",
        "On 3 May 2022, Ada <ada@example.test> wrote:\n> x\nanswer\n",
        "It works--- On 3 May 2022, Ada <ada@example.test> wrote:\n> x\n",
        "a:\n",
        "##- x\n",
        "Sent from my iPhone\n\n",
        "--\n",
        "-----a-----\n",
        "a <\n> b:\n",
        "<<<<>>>>\n",
        "\n",
        "On 3 May ",
        "@",
        ">",
        "On 3 May <",
    ] {
        let took = |times: usize| {
            let text = line.repeat(times);
            let html = format!("<div class=gmail_quote>{line}</div><blockquote type=cite>{text}");
            let start = std::time::Instant::now();
            split(&text, Some(&html));
            start.elapsed().as_secs_f64()
        };
        // Eight times the length costs 8 times as much, or 64 times where lines look at all lines above them. A
        // busy machine may spoil one measurement, hardly three.
        let is_linear = || {
            let (short, long) = (took(1_500), took(12_000));
            long < 5.0 || long < short * 24.0
        };
        assert!((0..3).any(|_| is_linear()), "{line:?}");
    }
}
