//! What a person wrote in this mail, apart from what they quoted and their signature.
//!
//! One pass gives every line a role (`roles`), runs of lines become blocks, and `decide` says which blocks people
//! see. Everything rests on evidence that a client leaves: quote marks, attribution lines, header blocks, dividers,
//! our own separator. Without evidence nothing is cut: hiding words is worse than showing a quote.

mod align;
pub(super) mod attribution;
mod date;
mod decide;
pub(super) mod dividers;
pub(super) mod header_block;
mod html_marks;
pub(super) mod lines;
mod notes;
mod role;
mod roles;
pub(super) mod signature;
#[cfg(test)]
mod tests;
mod walk;
pub(super) mod words;

pub use dividers::SEPARATOR;
use role::{About, Roles};

/// The two parts of a text. Together they hold every line of it: nothing is lost. A line that words share with an
/// attribution stands whole in the quoted part, and its words in the reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Split {
    /// What people should see.
    pub reply: String,
    /// The quoted tail and the signature.
    pub quoted: String,
}

/// Splits a mail's readable text. `html` is the HTML part, for the markers that clients leave there.
/// When in doubt, cuts less.
pub fn split(text: &str, html: Option<&str>) -> Split {
    of(text, html, About::Unknown)
}

/// Splits a mail whose headers say that it answers another: then a bare block quote at its end is one.
pub fn split_answer(text: &str, html: Option<&str>) -> Split {
    of(text, html, About::Answer)
}

fn of(text: &str, html: Option<&str>, about: About) -> Split {
    let lines = lines::of(text);
    let mut read = roles::of(&lines, &[], about);
    // The marks in HTML are looked at only when the text alone does not tell: most mails never pay for it.
    if !read.sure
        && let Some(marked) = html.and_then(html_marks::read)
    {
        read = roles::of(&lines, &align::find(&lines, &marked), about);
    }
    parts(&lines, &read)
}

/// Splits a mail whose subject says that it was passed on: the old mail is meant to be read, so only the signature is
/// cut. One that holds our own separator is no such mail: it is an answer under a subject that began as a forward.
pub fn split_forward(text: &str) -> Split {
    let lines = lines::of(text);
    let ours = (0..lines.len()).any(|index| dividers::is_separator(&lines, index));
    parts(&lines, &roles::of(&lines, &[], if ours { About::Unknown } else { About::Forward }))
}

fn parts(lines: &[lines::Line<'_>], read: &Roles) -> Split {
    let visible = decide::visible(lines, read);
    let pieces = || lines.iter().zip(&visible).enumerate();
    Split {
        reply: joined(
            pieces().map(|(index, (line, &shown))| if shown { Some(line.raw) } else { read.shared_words(index, line) }),
        ),
        quoted: joined(pieces().map(|(_, (line, &shown))| (!shown).then_some(line.raw))),
    }
}

/// The lines that are not `None`, in order. Where others were left out between them one empty line stands; there are
/// none at the ends.
fn joined<'a>(lines: impl Iterator<Item = Option<&'a str>>) -> String {
    let mut out = String::new();
    let (mut gap, mut blanks) = (false, 0usize);
    for line in lines {
        match line {
            None => gap = true,
            Some(line) if lines::trim(line).is_empty() => blanks += 1,
            Some(line) => {
                if !out.is_empty() {
                    (0..=blanks.max(usize::from(gap))).for_each(|_| out.push('\n'));
                }
                out.push_str(line);
                (gap, blanks) = (false, 0);
            }
        }
    }
    out
}
