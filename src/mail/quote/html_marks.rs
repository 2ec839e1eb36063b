//! Where the HTML part says that a quote is: the classes and ids that clients put on quoted elements.
//!
//! The HTML is not rendered here. It is read as a stream of letters and digits, in which each marked element is a
//! range; [`super::align`] finds these ranges again in the readable text, whatever made that text.

use std::sync::LazyLock;

use regex::Regex;

use super::dividers;

/// What a mark means for the element it stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// The element is the quote.
    Whole,
    /// The element holds the attribution and block quotes; answers may stand between and below these.
    Container,
    /// From here to the end all is quoted: the header of the old mail, or a line drawn above it.
    Tail,
    /// A block quote that only indents the writer's own words.
    Indent,
    /// A block quote without any mark: a quote if an attribution heads it.
    Plain,
}

/// The marks, and who sets them.
const MARKS: &[(&str, Mark)] = &[
    // Gmail, and those who copied it: K-9, Mailspring, Superhuman, Missive, Airmail
    ("gmail_quote", Mark::Container),
    ("gmail_attr", Mark::Whole),
    // Outlook on the web, new Outlook, Outlook for phones
    ("divrplyfwdmsg", Mark::Tail),
    ("appendonsend", Mark::Tail),
    ("ms-outlook-mobile-body-separator-line", Mark::Tail),
    ("mail-editor-reference-message-container", Mark::Whole),
    // Outlook for the Mac, before 2016
    ("olk_src_body_section", Mark::Whole),
    // Outlook for Windows, Windows Mail: the thin line above the headers
    ("border-top:solid #b5c4df", Mark::Tail),
    ("border-top:solid #e1e1e1", Mark::Tail),
    ("border-top-color: rgb(229, 229, 229)", Mark::Tail),
    ("border-top-color:rgb(229,229,229)", Mark::Tail),
    // Yahoo
    ("yahoo_quoted", Mark::Whole),
    // Thunderbird, Apple Mail, Roundcube
    ("moz-cite-prefix", Mark::Whole),
    ("type=\"cite\"", Mark::Whole),
    ("type=cite", Mark::Whole),
    ("reply-intro", Mark::Whole),
    // Proton, Tuta
    ("protonmail_quote", Mark::Container),
    ("tutanota_quote", Mark::Whole),
    // Zoho, Zimbra and Comcast, Hotmail
    ("zwchr", Mark::Tail),
    ("stopspelling", Mark::Tail),
    ("zmail_extra", Mark::Container),
    ("__divider__", Mark::Tail),
    ("__quoted_text__", Mark::Whole),
    // GMX and web.de, Spark, Front, QQ and NetEase
    ("name=\"quote\"", Mark::Whole),
    ("messagereplysection", Mark::Whole),
    ("front-blockquote", Mark::Whole),
    ("missive_quote", Mark::Whole),
    ("isreplycontent", Mark::Whole),
    ("includetail", Mark::Whole),
    // Gmail's button for indenting
    ("margin:0 0 0 40px", Mark::Indent),
    ("margin: 0px 0px 0px 40px", Mark::Indent),
];

static ANY_MARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let marks = MARKS.iter().map(|(word, _)| regex::escape(word)).collect::<Vec<_>>().join("|");
    Regex::new(&format!("(?i)<blockquote|{marks}")).ok()
});

/// Ranges kept of one part; a mail that is quoted in more pieces is read by its quote marks.
const MAX_RANGES: usize = 64;
/// Bytes looked at of one tag.
const MAX_TAG_BYTES: usize = 4_096;

/// A range of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
}

/// What a range is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Quoted,
    /// A quote if an attribution heads it.
    Maybe,
    /// The writer's own words.
    Own,
}

impl Mark {
    fn kind(self) -> Kind {
        match self {
            Mark::Indent => Kind::Own,
            Mark::Plain => Kind::Maybe,
            Mark::Whole | Mark::Container | Mark::Tail => Kind::Quoted,
        }
    }
}

/// The letters and digits of an HTML part, and the marked ranges in byte offsets of them.
#[derive(Debug, Default)]
pub(super) struct Marked {
    pub(super) letters: String,
    pub(super) ranges: Vec<Range>,
}

/// Reads the marks of an HTML part; `None` when there is none, which costs one search.
pub(super) fn read(html: &str) -> Option<Marked> {
    let any = ANY_MARK.as_ref()?;
    any.find(html)?;
    let mut scan = Scan { out: Marked::default(), open: None, quote: None, hidden: None };
    let mut rest = html;
    while let Some((text, tag, after)) = next_tag(rest) {
        scan.text(text);
        scan.tag(tag, any);
        rest = after;
    }
    scan.text(rest);
    scan.close_all();
    let marked = scan.out;
    (!marked.ranges.is_empty()).then_some(marked)
}

/// The text up to the next tag, the tag without its angle brackets, and what follows. Comments are one tag.
fn next_tag(html: &str) -> Option<(&str, &str, &str)> {
    let (text, behind) = html.split_once('<')?;
    if let Some(comment) = behind.strip_prefix("!--") {
        let (_, after) = comment.split_once("-->")?;
        return Some((text, "", after));
    }
    let (tag, after) = behind.split_once('>')?;
    Some((text, tag, after))
}

/// A marked element that is open: its name, how many of that name are open in it, and where it began.
struct Open {
    name: &'static str,
    depth: usize,
    /// `None` once block quotes within it were taken for the quote.
    start: Option<usize>,
    mark: Mark,
}

struct Scan {
    out: Marked,
    /// The outermost marked element.
    open: Option<Open>,
    /// The outermost block quote inside of a container.
    quote: Option<Open>,
    /// The element whose content nobody sees: style, script, head.
    hidden: Option<&'static str>,
}

/// The elements that carry marks, as the names are compared.
const CARRIERS: &[&str] = &["div", "blockquote", "span", "p", "hr", "table", "td", "section"];
const HIDDEN: &[&str] = &["style", "script", "head", "title"];

fn name_among(tag: &str, names: &[&'static str]) -> Option<&'static str> {
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
    let name = tag.get(..end)?;
    names.iter().copied().find(|known| known.eq_ignore_ascii_case(name))
}

impl Scan {
    fn text(&mut self, text: &str) {
        if self.hidden.is_none() {
            push_letters(&mut self.out.letters, text);
        }
    }

    fn tag(&mut self, tag: &str, any: &Regex) {
        if let Some(name) = tag.strip_prefix('/') {
            self.end_tag(name);
            return;
        }
        if self.hidden.is_none() {
            self.hidden = name_among(tag, HIDDEN);
        }
        let Some(name) = name_among(tag, CARRIERS).filter(|_| self.hidden.is_none()) else { return };
        let at = self.out.letters.len();
        let mark = tag
            .get(..tag.len().min(MAX_TAG_BYTES))
            .and_then(|head| any.find(head))
            .and_then(|found| mark_of(found.as_str()));
        let Some(open) = &mut self.open else {
            let mark = mark.or((name == "blockquote").then_some(Mark::Plain));
            self.open = mark.and_then(|mark| opened(name, at, mark));
            return;
        };
        open.depth += usize::from(open.name == name);
        if name == "blockquote" && open.mark == Mark::Container {
            self.blockquote(at);
        }
    }

    /// A block quote within a container: what stood before it was the attribution.
    fn blockquote(&mut self, at: usize) {
        if let Some(quote) = &mut self.quote {
            quote.depth += 1;
            return;
        }
        self.quote = Some(Open { name: "blockquote", depth: 1, start: Some(at), mark: Mark::Whole });
        if let Some(start) = self.open.as_mut().and_then(|open| open.start.take()) {
            self.push(start, at, Kind::Quoted);
        }
    }

    fn end_tag(&mut self, name: &str) {
        if self.hidden.is_some_and(|hidden| name.trim().eq_ignore_ascii_case(hidden)) {
            self.hidden = None;
        }
        let at = self.out.letters.len();
        if let Some(start) = close(&mut self.quote, name) {
            self.push(start, at, Kind::Quoted);
        }
        let Some(mark) = self.open.as_ref().map(|open| open.mark).filter(|mark| *mark != Mark::Tail) else { return };
        let start = close(&mut self.open, name);
        if self.open.is_none() {
            self.quote = None;
        }
        if let Some(start) = start {
            self.push(start, at, mark.kind());
        }
    }

    /// Elements still open at the end reach to the end.
    fn close_all(&mut self) {
        let end = self.out.letters.len();
        for element in [self.quote.take(), self.open.take()].into_iter().flatten() {
            if let Some(start) = element.start {
                self.push(start, end, element.mark.kind());
            }
        }
    }

    /// Keeps a range that has words, unless these start by saying that they are passed on.
    fn push(&mut self, start: usize, end: usize, kind: Kind) {
        let words = self.out.letters.get(start..end).unwrap_or_default();
        if !words.is_empty() && self.out.ranges.len() < MAX_RANGES && !dividers::letters_say_forward(words) {
            self.out.ranges.push(Range { start, end, kind });
        }
    }
}

fn opened(name: &'static str, start: usize, mark: Mark) -> Option<Open> {
    let mark = match mark {
        // The mark of a container on the block quote itself, and a mark that only block quotes carry.
        Mark::Container if name == "blockquote" => Mark::Whole,
        Mark::Indent if name != "blockquote" => return None,
        other => other,
    };
    Some(Open { name, depth: 1, start: Some(start), mark })
}

/// One end tag of `name`: the start of the element if that closed it and its start still counts.
fn close(open: &mut Option<Open>, name: &str) -> Option<usize> {
    let element = open.as_mut().filter(|element| name.trim().eq_ignore_ascii_case(element.name))?;
    element.depth -= 1;
    if element.depth > 0 {
        return None;
    }
    open.take().and_then(|element| element.start)
}

fn mark_of(found: &str) -> Option<Mark> {
    let found = found.to_ascii_lowercase();
    MARKS.iter().find(|(word, _)| *word == found).map(|(_, mark)| *mark)
}

/// Octets of the longest name of an entity that is a letter.
const MAX_ENTITY: usize = 10;

/// Letters and digits only, entities decoded as far as they stand for one.
pub(super) fn push_letters(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some((plain, behind)) = rest.split_once('&') {
        out.extend(plain.chars().filter(|c| c.is_alphanumeric()));
        // Looked for nearby only: text of nothing but `&` would be searched to its end for each of them.
        rest = match behind.bytes().take(MAX_ENTITY + 1).position(|byte| byte == b';') {
            Some(at) => {
                out.extend(behind.get(..at).and_then(letter_of));
                behind.get(at + 1..).unwrap_or_default()
            }
            None => behind,
        };
    }
    out.extend(rest.chars().filter(|c| c.is_alphanumeric()));
}

/// The letter an entity stands for: numbers, and the named ones of Latin 1 that mail programs write.
fn letter_of(entity: &str) -> Option<char> {
    let code = match entity.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        },
        None => {
            let mut pairs = LATIN_1.split_whitespace();
            return pairs.find(|name| *name == entity).and_then(|_| pairs.next()?.chars().next());
        }
    };
    char::from_u32(code).filter(|c| c.is_alphanumeric())
}

/// Named entities (HTML 4.01 §24.2) that are letters of the languages whose clients write them.
const LATIN_1: &str = "auml ä ouml ö uuml ü Auml Ä Ouml Ö Uuml Ü szlig ß eacute é egrave è ecirc ê euml ë agrave à \
    aacute á acirc â atilde ã aring å Aring Å aelig æ oslash ø Oslash Ø ccedil ç iacute í icirc î iuml ï igrave ì \
    ntilde ñ oacute ó ograve ò ocirc ô otilde õ uacute ú ugrave ù ucirc û Agrave À Eacute É Egrave È yacute ý ordm º ordf ª";
