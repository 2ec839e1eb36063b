//! What each line is: words, quote, or the lines that head a quote.

use super::align::MarkedLines;
use super::attribution;
use super::dividers::{self, Divider};
use super::html_marks::Kind;
use super::lines::Line;
use super::role::{About, Role, Roles};
use super::{signature, walk};

/// Reads the roles. `marks` are the lines that the HTML part marks.
pub(super) fn of(lines: &[Line<'_>], marks: &[MarkedLines], about: About) -> Roles {
    let mut roles: Vec<Role> = lines.iter().map(marked).collect();
    take_other_marks(lines, &mut roles);
    marks.iter().for_each(|mark| apply(mark, lines, &mut roles, about == About::Answer));
    take_back_prompts(lines, &mut roles);
    take_back_forwards(lines, &mut roles);
    take_in_wrapped(lines, &mut roles);
    walk::run(lines, roles, about)
}

fn marked(line: &Line<'_>) -> Role {
    match line.depth {
        0 if line.body.is_empty() => Role::Blank,
        0 => Role::Text,
        _ => Role::Quote,
    }
}

/// Lines above the first quote mark in a marked element that may be its attribution or header block.
const MAX_HEAD: usize = 12;

/// What the HTML says counts where the text has no quote marks; where it has, they say more: answers stand between them.
fn apply(mark: &MarkedLines, lines: &[Line<'_>], roles: &mut [Role], answer: bool) {
    let own = lines.iter().zip(roles).take(mark.end).skip(mark.start).filter(|(_, role)| **role != Role::Blank);
    let above = lines.iter().take(mark.start).rposition(|line| !line.is_blank());
    let headed = || above.is_some_and(|above| attribution::ending_at(lines, above, true).is_some());
    let ends_answer = || answer && above.is_some_and(|above| ends_it(lines, above, mark));
    if mark.kind == Kind::Maybe && !headed() && !ends_answer() {
        return;
    }
    if mark.kind == Kind::Own {
        own.filter(|(line, _)| line.depth == 1).for_each(|(_, role)| *role = Role::Text);
        return;
    }
    let mut own: Vec<&mut Role> = own.map(|(_, role)| role).collect();
    let unmarked = own.iter().take_while(|role| ***role == Role::Text).count();
    if unmarked < own.len() && unmarked > MAX_HEAD {
        return;
    }
    own.iter_mut().take(unmarked).for_each(|role| **role = Role::Quote);
    if let Some(first) = own.first_mut() {
        **first = Role::Lead;
    }
}

/// A bare block quote at the end of an answer, or above a signature alone, is what is answered, unless the words above it introduce it.
fn ends_it(lines: &[Line<'_>], above: usize, mark: &MarkedLines) -> bool {
    let introduced = lines.get(above).is_none_or(|line| line.depth > 0 || line.body.ends_with([':', '：']));
    let below = lines.get(mark.end..).unwrap_or_default();
    let words = below.iter().position(|line| !line.is_blank());
    !introduced && words.is_none_or(|first| signature::start(below) == Some(first))
}

/// Lines marked by a bar or a tab below an attribution: some clients quote so (s-nail by `indentprefix`, mail of the web in
/// text form). Without an attribution bars are tables and tabs are code.
fn take_other_marks(lines: &[Line<'_>], roles: &mut [Role]) {
    let mark_of = |line: &Line<'_>| match line.raw.chars().next() {
        Some(mark @ ('|' | '\t' | '│' | '¦')) if line.depth == 0 && !line.body.is_empty() => Some(mark),
        _ => None,
    };
    let mut start = 0;
    let mut above = None;
    while let Some(line) = lines.get(start) {
        let Some(mark) = mark_of(line) else {
            above = if line.is_blank() { above } else { Some(start) };
            start += 1;
            continue;
        };
        // An older quote inside of it has marks of its own behind this one.
        let is_marked = |line: &&Line<'_>| line.is_blank() || line.raw.starts_with(mark);
        let run = lines.iter().skip(start).take_while(is_marked).count();
        if above.is_some_and(|above| above + MAX_HEAD > start && attribution::ending_at(lines, above, true).is_some()) {
            let own = lines.iter().zip(roles.iter_mut()).skip(start).take(run).filter(|(line, _)| !line.is_blank());
            own.for_each(|(_, role)| *role = Role::Quote);
        }
        above = Some(start);
        start += run;
    }
}

/// Marked lines that begin by saying that they are passed on were sent to be read: Apple Mail marks the whole of what it
/// forwards. In the middle of a quote, or below an attribution, the same words are part of what is answered.
fn take_back_forwards(lines: &[Line<'_>], roles: &mut [Role]) {
    let mut start = 0;
    let mut above = None;
    while let Some(line) = lines.get(start) {
        if line.depth == 0 {
            above = if line.is_blank() { above } else { Some(start) };
            start += 1;
            continue;
        }
        let run = lines.iter().skip(start).take_while(|line| line.depth > 0 || line.is_blank()).count();
        let first = lines.iter().skip(start).take(run).find(|line| !line.body.is_empty());
        let forward = first.is_some_and(|line| dividers::of(line.body) == Some(Divider::Forward));
        if forward && above.is_none_or(|above| attribution::ending_at(lines, above, true).is_none()) {
            let own = lines.iter().zip(roles.iter_mut()).skip(start).take(run).filter(|(line, _)| line.depth > 0);
            own.for_each(|(_, role)| *role = Role::Text);
        }
        above = Some(start);
        start += run;
    }
}

/// A run of lines that all start with three marks or more is no quote: nobody quotes a quote of a quote and nothing
/// around it, but Python's prompt is `>>>`.
fn take_back_prompts(lines: &[Line<'_>], roles: &mut [Role]) {
    let mut start = 0;
    while start < lines.len() {
        let run = lines.iter().skip(start).take_while(|line| line.depth > 0).count();
        let shallow = lines.iter().skip(start).take(run).any(|line| line.depth < 3);
        if run > 0 && !shallow {
            roles.iter_mut().skip(start).take(run).for_each(|role| *role = Role::Text);
        }
        start += run.max(1);
    }
}

/// The end of a long quoted line that the sender's software wrapped without a mark, and what notmuch says between the marked
/// parts of a mail that it quotes.
fn take_in_wrapped(lines: &[Line<'_>], roles: &mut [Role]) {
    for (index, window) in lines.windows(3).enumerate() {
        let [above, line, below] = window else { continue };
        let between = above.depth > 0 && line.depth == 0 && below.depth > 0 && !line.body.is_empty();
        if between
            && is_wrapped(above, line)
            && let Some(role) = roles.get_mut(index + 1)
        {
            *role = Role::Quote;
        }
    }
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.depth == 0 && !line.body.is_empty()) {
        let above = index.checked_sub(1);
        let is_quoted = above.and_then(|above| roles.get(above)) == Some(&Role::Quote);
        let taken = if !is_quoted {
            0
        } else if is_about_part(line.body) {
            1
        } else {
            above.map_or(0, |above| broken_attribution(lines, above))
        };
        roles.iter_mut().skip(index).take(taken).for_each(|role| *role = Role::Quote);
    }
}

/// What notmuch writes for the parts of a mail that it does not quote.
fn is_about_part(body: &str) -> bool {
    body.starts_with("Non-text part: ")
        || body.strip_prefix("[ ").and_then(|rest| rest.strip_suffix(" ]")).is_some_and(|kind| {
            kind.split_once('/').is_some_and(|(main, sub)| {
                [main, sub].iter().all(|word| !word.is_empty() && !word.contains(char::is_whitespace))
            })
        })
}

/// Unmarked lines that a broken attribution takes.
const MAX_BROKEN: usize = 3;

/// How many unmarked lines behind the marked line `above` end the attribution that it begins: inside of a quote, a
/// long one was wrapped after the marks were set. A marked line follows, which may hold the attribution's last words.
fn broken_attribution(lines: &[Line<'_>], above: usize) -> usize {
    let Some(first) = lines.get(above) else { return 0 };
    let unmarked =
        lines.iter().skip(above + 1).take(MAX_BROKEN + 1).take_while(|line| line.depth == 0 && !line.body.is_empty());
    let unmarked: Vec<&str> = unmarked.map(|line| line.body).collect();
    let Some(below) = lines.get(above + 1 + unmarked.len()).filter(|below| below.depth > 0) else { return 0 };
    if unmarked.len() > MAX_BROKEN || first.body.ends_with(['.', '?', '!', ':']) {
        return 0;
    }
    let joined = format!("{} {}", first.body, unmarked.join(" "));
    let longer = format!("{joined} {}", below.body);
    match attribution::is_whole(&joined) || attribution::is_whole(&longer) {
        true => unmarked.len(),
        false => 0,
    }
}

fn is_wrapped(above: &Line<'_>, line: &Line<'_>) -> bool {
    let one_word = !line.body.contains(char::is_whitespace);
    let open_link = above.body.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains("://"));
    let only_link = line.body.split_whitespace().all(|word| word == ">" || word.contains("://"));
    let cut_short = above.raw.chars().count() >= 65
        && above.body.ends_with(|c: char| c.is_alphanumeric() || c == ',')
        && line.body.starts_with(char::is_lowercase);
    only_link || (one_word && open_link) || cut_short
}
