//! Customer accounts as a table (RFC 4180): every line read into an [`Account`], or told what is wrong with it.
//!
//! The first line names the columns; `,` or `;` separates them, whichever it uses. Several values in one cell are
//! separated by `;`. Columns that are not there leave what is known of an account as it is.

use std::collections::{BTreeMap, BTreeSet};

use csv::{ReaderBuilder, StringRecord};

use super::cell;
use crate::desk::directory::Account;

/// The columns, in the order in which people see them named.
pub const COLUMNS: [&str; 7] = ["account_id", "company", "domains", "contacts", "products", "partner", "support_level"];

/// Something is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The line it begins on, from 1; 0 for the file as a whole.
    pub line: u64,
    /// The column's name; empty for the line as a whole.
    pub column: String,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub advice: String,
}

/// A line that is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    account_id: String,
    company: String,
    domains: Option<Vec<String>>,
    contacts: Option<Vec<String>>,
    products: Option<Vec<String>>,
    partner: Option<bool>,
    support_level: Option<String>,
}

impl Row {
    /// The account's ID.
    pub fn account_id(&self) -> &str {
        &self.account_id
    }

    /// The account that it makes of the one that is there.
    pub fn applied(&self, there: Option<Account>) -> Account {
        let there = there.unwrap_or_else(|| Account {
            account_id: self.account_id.clone(),
            company: String::new(),
            domains: Vec::new(),
            contacts: Vec::new(),
            products: Vec::new(),
            partner: false,
            support_level: String::new(),
            disabled: false,
        });
        Account {
            account_id: there.account_id,
            company: self.company.clone(),
            domains: self.domains.clone().unwrap_or(there.domains),
            contacts: self.contacts.clone().unwrap_or(there.contacts),
            products: self.products.clone().unwrap_or(there.products),
            partner: self.partner.unwrap_or(there.partner),
            support_level: self.support_level.clone().unwrap_or(there.support_level),
            disabled: there.disabled,
        }
    }
}

/// A table that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The lines that are right.
    pub rows: Vec<Row>,
    /// What is wrong with the others, in their order.
    pub problems: Vec<Problem>,
}

/// Reads a table.
pub fn read(bytes: &[u8]) -> Table {
    let mut reading = Reading::default();
    let text = match text(bytes) {
        Ok(text) => text,
        Err(problem) => return Table { rows: Vec::new(), problems: vec![problem] },
    };
    let mut lines =
        ReaderBuilder::new().delimiter(delimiter(text)).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    loop {
        match lines.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                reading.problem(0, "", error.to_string(), "save it as a table again");
                break;
            }
        }
        let (line, from) = record.position().map_or((0, 0), |start| (start.line(), start.byte()));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if reading.columns.is_empty() {
            if !reading.header(line, &record) {
                break;
            }
        } else if is_open(text, from, lines.position().byte()) {
            reading.problem(
                line,
                "",
                "a quotation mark is not closed",
                "close it, or remove it; write \"\" for one in a text",
            );
        } else {
            reading.line(line, &record);
        }
    }
    if reading.columns.is_empty() && reading.table.problems.is_empty() {
        reading.problem(0, "", "the file is empty", format!("begin it with the line {}", COLUMNS.join(",")));
    }
    reading.table
}

/// UTF-8, without the mark that some programs write before it.
fn text(bytes: &[u8]) -> Result<&str, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        Problem {
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count() as u64,
            column: String::new(),
            what: "is not UTF-8".to_owned(),
            advice: "save the table as \"CSV UTF-8\"".to_owned(),
        }
    })
}

/// A quotation mark that is never closed swallows the lines below it. Those of a line that is right come in pairs.
fn is_open(text: &str, from: u64, to: u64) -> bool {
    let range = usize::try_from(from).unwrap_or(usize::MAX)..usize::try_from(to).unwrap_or(usize::MAX);
    let line = text.as_bytes().get(range).unwrap_or_default();
    line.iter().filter(|byte| **byte == b'"').count() % 2 == 1
}

/// The header has no cells with separators in them, so the more frequent one separates the columns.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |wanted: char| header.chars().filter(|c| *c == wanted).count();
    if count(';') > count(',') { b';' } else { b',' }
}

#[derive(Default)]
struct Reading {
    table: Table,
    /// The position of each known column.
    columns: BTreeMap<&'static str, usize>,
    width: usize,
    /// Where each account ID was.
    seen: BTreeMap<String, u64>,
}

impl Reading {
    fn problem(&mut self, line: u64, column: &str, what: impl Into<String>, advice: impl Into<String>) {
        let (what, advice) = (what.into(), advice.into());
        self.table.problems.push(Problem { line, column: column.to_owned(), what, advice });
    }

    /// Whether the columns can be told.
    fn header(&mut self, line: u64, record: &StringRecord) -> bool {
        self.width = record.len();
        for (at, written) in record.iter().enumerate() {
            let name = written.trim().to_lowercase().replace([' ', '-'], "_");
            match COLUMNS.into_iter().find(|column| *column == name) {
                Some(column) if self.columns.insert(column, at).is_some() => {
                    self.problem(line, column, "is there twice", "leave one of them out");
                }
                Some(_) => {}
                None => {
                    let advice = format!("use the columns {}", COLUMNS.join(", "));
                    self.problem(line, written.trim(), "is no column that is known", advice);
                }
            }
        }
        for needed in ["account_id", "company"] {
            if !self.columns.contains_key(needed) {
                let advice = "add it; the first line names the columns";
                self.problem(line, needed, "this column is missing", advice);
            }
        }
        self.table.problems.is_empty()
    }

    fn line(&mut self, line: u64, record: &StringRecord) {
        if record.len() != self.width {
            let what = format!("has {} cells where the first line has {}", record.len(), self.width);
            let advice = "put cells that hold a separator or a line break into quotation marks";
            return self.problem(line, "", what, advice);
        }
        let before = self.table.problems.len();
        let row = Row {
            account_id: self.value(line, record, "account_id", cell::account_id).unwrap_or_default(),
            company: self.value(line, record, "company", cell::company).unwrap_or_default(),
            domains: self.list(line, record, "domains", cell::domain),
            contacts: self.list(line, record, "contacts", cell::contact),
            products: self.list(line, record, "products", cell::words),
            partner: self.value(line, record, "partner", cell::yes_or_no),
            support_level: self.value(line, record, "support_level", cell::words),
        };
        if !row.account_id.is_empty() {
            let first = *self.seen.entry(row.account_id.clone()).or_insert(line);
            if first != line {
                let what = format!("{} is on line {first} already", row.account_id);
                self.problem(line, "account_id", what, "keep one line for each account");
            }
        }
        if self.table.problems.len() == before {
            self.table.rows.push(row);
        }
    }

    /// One value of a column that is there.
    fn value<T>(
        &mut self,
        line: u64,
        record: &StringRecord,
        column: &'static str,
        parse: impl Fn(&str) -> Result<T, cell::Refused>,
    ) -> Option<T> {
        let written = self.columns.get(column).and_then(|at| record.get(*at))?;
        match parse(written) {
            Ok(value) => Some(value),
            Err(refused) => {
                self.problem(line, column, refused.what, refused.advice);
                None
            }
        }
    }

    /// The values of a column that is there, sorted and each once.
    fn list(
        &mut self,
        line: u64,
        record: &StringRecord,
        column: &'static str,
        parse: impl Fn(&str) -> Result<String, cell::Refused>,
    ) -> Option<Vec<String>> {
        let written = self.columns.get(column).and_then(|at| record.get(*at))?;
        let mut values = BTreeSet::new();
        for one in written.split([';', '\n']).map(str::trim).filter(|one| !one.is_empty()) {
            match parse(one) {
                Ok(value) => _ = values.insert(value),
                Err(refused) => self.problem(line, column, refused.what, refused.advice),
            }
        }
        Some(values.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(table: &Table) -> Vec<String> {
        let mut told = Vec::new();
        for Problem { line, column, what, advice } in &table.problems {
            told.push(format!("{line} | {column} | {what} | {advice}"));
        }
        told
    }

    fn accounts(text: &str) -> Vec<Account> {
        let table = read(text.as_bytes());
        assert_eq!(told(&table), Vec::<String>::new());
        table.rows.iter().map(|row| row.applied(None)).collect()
    }

    #[test]
    fn tables_of_any_program_are_read_alike() {
        let plain = "account_id,company,domains,partner\nac-1001,Example Oy,example-oy.test; Müller.test,no\n";
        let read = accounts(plain);
        assert_eq!((read.len(), read[0].account_id.as_str(), read[0].company.as_str()), (1, "AC-1001", "Example Oy"));
        assert_eq!(read[0].domains, ["example-oy.test", "xn--mller-kva.test"]);
        for other in [
            "\u{feff}account_id,company,domains,partner\r\nac-1001,Example Oy,example-oy.test; Müller.test,no\r\n",
            "Account ID;Company;Domains;Partner\nAC-1001;Example Oy;\"müller.test;example-oy.test\";\n",
            "\n\npartner,domains,company,ACCOUNT-ID\n,\"example-oy.test;\nmüller.test\",\"Example Oy\",AC\u{2011}1001\n\n",
            "account_id,company,domains,partner\nac-1001,\" Example  Oy \",@example-oy.test;müller.test;müller.test,No",
        ] {
            assert_eq!(accounts(other), read, "{other}");
        }
    }

    #[test]
    fn every_wrong_line_is_told() {
        let table = read(
            "account_id,company,domains,contacts,products,partner,support_level\n\
             AC-1,One,one.test,boss@one.test,Endpoint,yes,premium\n\
             ,Two,two.test,,,,\n\
             AC-3,,three.test;test;gmail.com;mail@three.test,not an address,,perhaps,\n\
             AC-4,\"Four, Five\n and Six\",,,,,\n\
             ac-1,Seven,,,,,\n\
             AC-8,Eight,eight.test\n\
             AC-9,Nine,,,,1,\n"
                .as_bytes(),
        );
        assert_eq!(table.rows.iter().map(Row::account_id).collect::<Vec<_>>(), ["AC-1", "AC-4", "AC-9"]);
        insta::assert_snapshot!(told(&table).join("\n"));
    }

    #[test]
    fn a_file_that_is_no_table_is_told() {
        let mut told_all = Vec::new();
        for bytes in [
            b"" as &[u8],
            b"\n\n",
            b"AC-1,Example Oy\nAC-2,Other Oy\n",
            b"account_id,compnay,company,company\nAC-1,a,b,c\n",
            b"account_id,company\nAC-1,M\xfcller\n",
            b"account_id,company\nAC-1,\"never closed\nAC-2,x\n",
            b"account_id,company\nAC-1,15\" monitors\n",
            b"\x00\x01\x02\xff\xfe",
        ] {
            let table = read(bytes);
            assert_eq!(table.rows, []);
            told_all.push(format!("{}\n{}\n", String::from_utf8_lossy(bytes).escape_debug(), told(&table).join("\n")));
        }
        insta::assert_snapshot!(told_all.join("\n"));
    }

    #[test]
    fn columns_that_are_not_there_change_nothing() {
        let there = accounts("account_id,company,domains,products,partner\nAC-1,One,one.test,Endpoint,yes\n").remove(0);
        let table = read(b"company;account_id;products\nOne Oy;AC-1;\n");
        let changed = table.rows[0].applied(Some(Account { disabled: true, ..there.clone() }));
        let wanted = Account { company: "One Oy".to_owned(), products: Vec::new(), disabled: true, ..there };
        assert_eq!(changed, wanted);
    }
}
