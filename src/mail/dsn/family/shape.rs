//! What is known of a program's reports.

/// What one program's reports look like. All phrases are lower case.
pub struct Family {
    /// For people.
    pub name: &'static str,
    /// Sentences that only this program writes. One of them is proof of a report.
    pub openers: &'static [&'static str],
    /// Words directly before the address of a recipient, in the same line or at the end of the line above.
    pub labels: &'static [&'static str],
    /// Lines under which recipients are listed one a line.
    pub headings: &'static [&'static str],
}
