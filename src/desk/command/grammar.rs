//! Commands of engineers: the lines that begin with `#` at the top of a mail.
//!
//! What stands below them goes to the customer, as always; commands never do.

use super::order::{Mistake, Order};
use super::table;

use crate::mail::invisible::is_invisible;
use crate::mail::top;

/// One line of commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// As typed.
    pub typed: String,
    /// What it means, or why it means nothing.
    pub order: Result<Order, Mistake>,
    /// It stands in a quote or below something else: whose it is cannot be told.
    pub misplaced: bool,
}

/// A mail's words, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed<'a> {
    /// The lines of commands, in order.
    pub lines: Vec<Line>,
    /// The words below them.
    pub rest: &'a str,
}

/// Lines of commands looked at; what follows is words.
const MAX_LINES: usize = 50;

/// Takes the commands off the top of what an engineer wrote. `# a heading` and `#1` are words; `# close`, as some mail programs
/// make of `#close`, is none.
pub fn parse(words: &str) -> Parsed<'_> {
    let mut lines = Vec::new();
    let mut rest = words;
    while lines.len() < MAX_LINES {
        let trimmed = rest.trim_start();
        let (line, below) = trimmed.split_once('\n').unwrap_or((trimmed, ""));
        let typed = top::plain(line);
        let Some(order) = order(&typed) else { break };
        lines.push(Line { typed, order, misplaced: false });
        rest = below;
    }
    Parsed { lines, rest }
}

/// Addresses of people whom one mail's commands bring in.
const MAX_ADDRESSES: usize = 20;

/// The addresses that the commands of a mail name: what is known of them must be loaded before they are carried out.
pub fn addresses(words: &str) -> Vec<String> {
    let orders = parse(words).lines.into_iter().filter_map(|line| line.order.ok());
    let emails = orders.flat_map(|order| order.addresses().iter().map(|it| it.email.clone()).collect::<Vec<_>>());
    emails.take(MAX_ADDRESSES).collect()
}

/// What a plain line orders; `None` when it is words.
fn order(line: &str) -> Option<Result<Order, Mistake>> {
    let typed = line.strip_prefix('#')?;
    if typed.starts_with(char::is_alphabetic) {
        return Some(table::order(typed));
    }
    typed.starts_with(' ').then(|| table::order(typed)).filter(Result::is_ok)
}

/// Whether words that are to go to a customer hold a command: one that we know in a line of its own, or one that looks like
/// one at the top, which a mail program may have hidden behind something.
pub fn stands_in(words: &str) -> bool {
    let hidden = |c: char| c.is_whitespace() || is_invisible(c) || matches!(c, '*' | '_' | '\\' | '"');
    let plain = |line: &str| top::plain(line.trim_matches(hidden)).trim_matches(hidden).to_owned();
    let mut lines = words.lines().map(plain).filter(|line| !line.is_empty());
    let typed = |line: &'_ str| {
        let typed = line.strip_prefix(['#', '＃', '﹟'])?;
        Some(typed.trim_start_matches(|c: char| hidden(c) && !c.is_whitespace()).to_owned())
    };
    let first = lines.clone().next().and_then(|line| typed(&line));
    first.is_some_and(|typed| typed.starts_with(char::is_alphabetic))
        || lines.any(|line| typed(&line).is_some_and(|typed| table::order(&typed).is_ok()))
}

impl Parsed<'_> {
    /// The same words, where the lines of commands do not stand at the very top of the mail: none is carried out.
    pub fn misplaced(mut self) -> Self {
        self.lines.iter_mut().for_each(|line| line.misplaced = true);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::command::order::FormOrder;

    fn commands(words: &str) -> Vec<Result<Order, Mistake>> {
        parse(words).lines.into_iter().map(|line| line.order).collect()
    }

    #[test]
    fn commands_stand_on_top_and_the_rest_is_words() {
        let parsed = parse("\n#set Account ID: AC-12\n\n #Approve \n\nHello Jane,\n#approve is not for you.\n");
        let set = Order::Form(FormOrder::Set { words: "Account ID: AC-12".to_owned() });
        let found: Vec<_> = parsed.lines.iter().map(|line| line.order.clone()).collect();
        assert_eq!(found, [Ok(set), Ok(Order::Form(FormOrder::Approve))]);
        assert_eq!(parsed.rest.trim(), "Hello Jane,\n#approve is not for you.");
    }

    #[test]
    fn what_looks_like_a_command_and_is_none_is_not_passed_on() {
        assert_eq!(commands("#aprove\nHello"), [Err(Mistake::Unknown { meant: Some("approve") })]);
        assert_eq!(commands("#rej\nHello"), [Err(Mistake::Unknown { meant: Some("reject") })]);
        assert_eq!(commands("#fraud!"), [Err(Mistake::Unknown { meant: None })]);
        assert_eq!(commands("#approve it please"), [Err(Mistake::Arguments("approve"))]);
        assert_eq!(commands("#set"), [Err(Mistake::Arguments("set"))]);
    }

    #[test]
    fn however_a_mail_program_writes_them() {
        let approve = || vec![Ok(Order::Form(FormOrder::Approve))];
        for words in [
            "#APPROVE",
            "#Approve.",
            "# approve",
            "#\u{a0}approve",
            "\u{a0}#approve\u{a0}",
            "•\u{a0}#approve",
            "· #Approve",
            "* #approve",
            "&nbsp;#approve",
            "#approve:",
            "# Approve!",
            "#approve …",
        ] {
            assert_eq!(commands(words), approve(), "{words:?}");
        }
        let set = |words: &str| vec![Ok(Order::Form(FormOrder::Set { words: words.to_owned() }))];
        assert_eq!(commands("#set “name Anna O’Hara”"), set("name Anna O’Hara"));
        assert_eq!(commands("#Set\u{a0}name\u{a0}Anna"), set("name Anna"));
    }

    #[test]
    fn commands_in_what_is_to_be_passed_on() {
        for words in [
            "#reject",
            "#aprove it please",
            "CAUTION: mail from outside\n\n#reject\nThis is fraud.",
            "Hello,\n  #approve  \n",
            "Hello,\n- #approve\n",
            "\u{200b}#approve",
            "**#reject**",
            "＃reject",
            "Hello\n#set E-Mail anna@customer.test",
        ] {
            assert!(stands_in(words), "{words:?}");
        }
        for words in [
            "Hello Jane,\n#approve is not for you.",
            "# Steps\n1. restart",
            "#1 restart",
            "Add this:\n#PermitRootLogin no",
            "",
        ] {
            assert!(!stands_in(words), "{words:?}");
        }
    }

    #[test]
    fn headings_and_numbers_are_words() {
        for words in ["# Steps\n1. restart", "#1 restart", "#", "##approve", "# Approve it please", "- take\n- close"] {
            assert_eq!(commands(words), [], "{words:?}");
            assert_eq!(parse(words).rest, words);
        }
    }
}
