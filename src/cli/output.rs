//! What commands print: tables for people, JSON for machines, complaints on stderr.

use std::io::{BufWriter, StdoutLock, Write};

use comfy_table::{Table, presets};
use serde::Serialize;
use serde_json::Value;

use crate::mail::invisible::is_dispensable;

/// How a command prints what it found.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Output {
    /// Print JSON instead of text for people
    #[arg(long)]
    pub json: bool,
}

/// Standard output, buffered; flush it before saying anything on stderr and at the end.
pub fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::new(std::io::stdout().lock())
}

/// An empty table as all commands print it: no lines, a header in capitals, cells wrapped to the terminal.
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(comfy_table::ContentArrangement::Dynamic)
        .set_header(header.iter().map(|name| name.to_uppercase()));
    table
}

/// A cell of a table with a stranger's words: on one line, without what would steer a terminal.
pub fn cell(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_dispensable(*c)).collect()
}

/// Prints a table without the padding at the ends of its lines.
pub fn write_table(out: &mut impl Write, table: &Table) -> std::io::Result<()> {
    table.lines().try_for_each(|line| writeln!(out, "{}", line.strip_prefix(' ').unwrap_or(&line).trim_end()))
}

/// One JSON value on a line of its own.
pub fn write_json(out: &mut impl Write, value: &impl Serialize) -> anyhow::Result<()> {
    let line = serde_json::to_string(value)?;
    writeln!(out, "{line}")?;
    Ok(())
}

/// One thing, field by field, for people; empty fields are left out, long text is indented below its name.
pub fn fields(out: &mut impl Write, thing: &impl Serialize) -> anyhow::Result<()> {
    if let Value::Object(fields) = serde_json::to_value(thing)? {
        for (name, value) in &fields {
            let shown = shown(value);
            match shown.trim_end() {
                "" => {}
                text if text.contains('\n') => {
                    writeln!(out, "{name}:")?;
                    text.lines().try_for_each(|line| writeln!(out, "  | {}", cell(line)))?;
                }
                text => writeln!(out, "{name}: {}", cell(text))?,
            }
        }
    }
    Ok(())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => match (fields.get("name"), fields.get("email")) {
            (Some(Value::String(name)), Some(Value::String(email))) if !name.is_empty() => format!("{name} <{email}>"),
            (_, Some(Value::String(email))) => email.clone(),
            _ => fields.iter().map(|(name, value)| format!("{name} {}", shown(value))).collect::<Vec<_>>().join(", "),
        },
        other => other.to_string(),
    }
}

/// Says something about the output beside it, on stderr.
pub fn remark(text: &str) -> std::io::Result<()> {
    writeln!(std::io::stderr(), "{text}")
}

/// Tells an error with its causes on stderr, one a line.
#[expect(clippy::print_stderr, reason = "the one place that complains to the person at the terminal")]
pub fn complain(error: &anyhow::Error) {
    eprint!("{}", chain(error));
}

/// An error and its causes, one a line: `caseway: what`, `  because why`.
pub fn chain(error: &anyhow::Error) -> String {
    let mut text = format!("caseway: {error}\n");
    for cause in error.chain().skip(1) {
        text.push_str(&format!("  because {cause}\n"));
    }
    text
}

/// Whether the reader of our output went away (`caseway … | head`): not an error.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
