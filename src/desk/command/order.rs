//! What engineers can order, family by family.

/// A command, with what stands behind its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// What there is to be ordered.
    Help,
    /// About the form of the case.
    Form(FormOrder),
}

/// What an engineer wants of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormOrder {
    /// It may be carried out.
    Approve,
    /// It may not.
    Reject,
    /// This is the right value.
    Set {
        /// The field, by its name or one of its labels; and the value.
        words: String,
    },
}

/// Why a line is no command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// No command is called so.
    Unknown {
        /// The name of the one that was probably meant.
        meant: Option<&'static str>,
    },
    /// The command of this name needs something else behind it.
    Arguments(&'static str),
}
