//! Commands of engineers: the lines that begin with `#` at the top of a mail.
//!
//! What stands below them goes to the customer, as always; commands never do.

use super::order::Order;
use super::table;

use crate::mail::invisible::is_invisible;

/// One line of commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// As typed.
    pub typed: String,
    /// What it means; `None` when it is no command.
    pub order: Option<Order>,
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

/// Takes the commands off the top of what an engineer wrote. `# a heading` and `#1` are words.
pub fn parse(words: &str) -> Parsed<'_> {
    let mut lines = Vec::new();
    let mut rest = words;
    while lines.len() < MAX_LINES {
        let trimmed = rest.trim_start();
        let (line, below) = trimmed.split_once('\n').unwrap_or((trimmed, ""));
        let Some(typed) = line.strip_prefix('#').filter(|typed| typed.starts_with(char::is_alphabetic)) else { break };
        lines.push(Line { typed: line.trim_end().to_owned(), order: table::order(typed.trim()), misplaced: false });
        rest = below;
    }
    Parsed { lines, rest }
}

/// Whether words that are to go to a customer hold a command: one that we know in a line of its own, or one that looks like
/// one at the top, which a mail program may have hidden behind something.
pub fn stands_in(words: &str) -> bool {
    let hidden = |c: char| c.is_whitespace() || is_invisible(c) || matches!(c, '*' | '_' | '\\' | '"');
    let mut lines = words.lines().map(|line| line.trim_matches(hidden)).filter(|line| !line.is_empty());
    let typed = |line: &'_ str| {
        let typed = line.strip_prefix(['#', '＃', '﹟'])?;
        Some(typed.trim_start_matches(|c: char| hidden(c) && !c.is_whitespace()).to_owned())
    };
    let first = lines.clone().next().and_then(typed);
    first.is_some_and(|typed| typed.starts_with(char::is_alphabetic))
        || lines.any(|line| typed(line).is_some_and(|typed| table::order(typed.trim()).is_some()))
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

    fn commands(words: &str) -> Vec<Option<Order>> {
        parse(words).lines.into_iter().map(|line| line.order).collect()
    }

    #[test]
    fn commands_stand_on_top_and_the_rest_is_words() {
        let parsed = parse("\n#set Account ID: AC-12\n\n #Approve \n\nHello Jane,\n#approve is not for you.\n");
        let set = Order::Form(FormOrder::Set { words: "Account ID: AC-12".to_owned() });
        let found: Vec<_> = parsed.lines.iter().map(|line| line.order.clone()).collect();
        assert_eq!(found, [Some(set), Some(Order::Form(FormOrder::Approve))]);
        assert_eq!(parsed.rest.trim(), "Hello Jane,\n#approve is not for you.");
    }

    #[test]
    fn what_looks_like_a_command_and_is_none_is_not_passed_on() {
        assert_eq!(commands("#aprove\nHello"), [None]);
        assert_eq!(commands("#approve it please"), [None]);
        assert_eq!(commands("#set"), [None]);
    }

    #[test]
    fn commands_in_what_is_to_be_passed_on() {
        for words in [
            "#reject",
            "#aprove it please",
            "CAUTION: mail from outside\n\n#reject\nThis is fraud.",
            "Hello,\n  #approve  \n",
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
        assert_eq!(commands("# Steps\n1. restart"), []);
        assert_eq!(commands("#1 restart"), []);
        assert_eq!(parse("# Steps").rest, "# Steps");
    }
}
