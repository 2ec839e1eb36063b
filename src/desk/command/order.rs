//! What engineers can order, family by family.

/// A command, with what stands behind its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
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
