//! Follow-ups: what the clock causes. A follow-up is a row that says what is due on a ticket and when; carrying it out
//! removes it and may set the next one, so that a step is never nearer to the one before than was configured, however
//! late that one came.

pub mod due;
pub mod kind;
