//! A WHERE clause that grows with what the caller asks for.

use sqlx::AssertSqlSafe;
use sqlx::any::AnyArguments;

use crate::store::Query;

/// What is bound.
pub(in crate::store) enum Value {
    Int(i64),
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

/// Conditions that must all hold, with their values. Conditions are written here in the code, values are bound.
#[derive(Default)]
pub(in crate::store) struct Filter {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Filter {
    /// A condition without a value.
    pub(in crate::store) fn and(mut self, condition: &'static str) -> Self {
        self.conditions.push(condition.to_owned());
        self
    }

    /// `column operator value`: `and_value("t.id >", 7)`; the value may have its place: `and_value("t.id > {} + 1", 7)`.
    pub(in crate::store) fn and_value<V>(mut self, condition: &'static str, value: V) -> Self
    where
        Value: From<V>,
    {
        self.values.push(value.into());
        let number = format!("${}", self.values.len());
        self.conditions.push(match condition.split_once("{}") {
            Some((before, after)) => format!("{before}{number}{after}"),
            None => format!("{condition} {number}"),
        });
        self
    }

    /// The same, when there is a value.
    pub(in crate::store) fn and_some<V>(self, condition: &'static str, value: Option<V>) -> Self
    where
        Value: From<V>,
    {
        match value {
            Some(value) => self.and_value(condition, value),
            None => self,
        }
    }

    /// `column` is one of the values; no values, no condition.
    pub(in crate::store) fn and_in<V: Clone>(mut self, column: &'static str, values: &[V]) -> Self
    where
        Value: From<V>,
    {
        if !values.is_empty() {
            let list = crate::store::placeholders(self.values.len() + 1, values.len());
            self.conditions.push(format!("{column} IN ({list})"));
            self.values.extend(values.iter().cloned().map(Value::from));
        }
        self
    }

    /// `(first, second)` comes before the pair in descending order.
    pub(in crate::store) fn and_before(
        mut self,
        first: &'static str,
        second: &'static str,
        pair: Option<(i64, i64)>,
    ) -> Self {
        if let Some((a, b)) = pair {
            let n = self.values.len();
            self.conditions.push(format!("({first}, {second}) < (${}, ${})", n + 1, n + 2));
            self.values.extend([Value::Int(a), Value::Int(b)]);
        }
        self
    }

    /// The finished statement: `head WHERE … tail LIMIT n`.
    pub(in crate::store) fn query(self, head: &str, tail: &str, limit: u32) -> Query<'static> {
        let glue = if self.conditions.is_empty() { "" } else { " WHERE " };
        let sql = format!("{head}{glue}{} {tail} LIMIT {limit}", self.conditions.join(" AND "));
        self.values.into_iter().fold(
            sqlx::query::<sqlx::Any>(AssertSqlSafe(sql)).persistent(false),
            |query: sqlx::query::Query<'static, sqlx::Any, AnyArguments>, value| match value {
                Value::Int(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
            },
        )
    }
}
