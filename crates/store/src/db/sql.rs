//! SQL text with its arguments, one text for both databases.

use super::Dialect;

/// So many numbered placeholders cost SQLite nothing to speak of.
const FEW: usize = 32;

/// A statement and what it binds. Placeholders are `$1`, `$2` …, which both databases understand.
#[derive(Clone, Debug)]
pub(crate) struct Sql {
    pub(super) text: String,
    pub(super) args: Vec<Arg>,
    pub(super) keep: bool,
}

impl Sql {
    /// A statement; the arguments of its placeholders follow by [`Sql::arg`].
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            args: Vec::new(),
            keep: true,
        }
    }

    /// The next argument of a text that holds its placeholders already.
    #[must_use]
    pub(crate) fn arg(mut self, value: impl Into<Arg>) -> Self {
        self.args.push(value.into());
        self
    }

    /// The prepared statement is not worth keeping: its text hardly comes again.
    #[must_use]
    pub(crate) fn once(mut self) -> Self {
        self.keep = false;
        self
    }

    /// The text for SQLite. It looks numbered placeholders up one by one in a list, which takes
    /// seconds for thousands of them: where there are many, they become plain `?`, which count by
    /// themselves. They must stand in order, each once, as [`Sql::bind`] writes them.
    pub(super) fn for_sqlite(mut self) -> Self {
        if self.args.len() > FEW
            && let Some(plain) = plain(&self.text)
        {
            self.text = plain;
        }
        self
    }

    /// Appends text.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// The statement between two texts.
    #[must_use]
    pub(crate) fn within(mut self, before: &str, after: &str) -> Self {
        self.text.insert_str(0, before);
        self.text.push_str(after);
        self
    }

    /// Appends a placeholder with its argument.
    pub(crate) fn bind(&mut self, value: impl Into<Arg>) -> &mut Self {
        self.args.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.args.len().to_string());
        self
    }

    /// Appends `(…), (…)`: one parenthesis per row.
    pub(crate) fn rows<R: IntoIterator<Item = Arg>>(
        &mut self,
        rows: impl IntoIterator<Item = R>,
    ) -> &mut Self {
        for (row_index, row) in rows.into_iter().enumerate() {
            self.push(if row_index == 0 { "(" } else { ", (" });
            for (index, value) in row.into_iter().enumerate() {
                if index > 0 {
                    self.text.push_str(", ");
                }
                self.bind(value);
            }
            self.push(")");
        }
        self
    }

    /// Appends `(a, b, …)` for `IN`.
    pub(crate) fn list<A: Into<Arg>>(&mut self, values: impl IntoIterator<Item = A>) -> &mut Self {
        self.rows([values.into_iter().map(Into::into)])
    }

    /// Appends `IN (…)` of ids, however many, as one argument: the statement's text stays the same.
    pub(crate) fn among(&mut self, ids: &[i64], dialect: Dialect) -> &mut Self {
        let list = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        match dialect {
            Dialect::Sqlite => self
                .push(" IN (SELECT value FROM json_each(")
                .bind(format!("[{list}]"))
                .push("))"),
            Dialect::Postgres => self
                .push(" = ANY (CAST(")
                .bind(format!("{{{list}}}"))
                .push(" AS BIGINT[]))"),
        }
    }
}

/// The text with `?` for `$1`, `$2` …, if they stand in order.
fn plain(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split('$');
    plain.push_str(parts.next()?);
    for (part, number) in parts.zip(1_usize..) {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        if part[..part.len() - rest.len()].parse() != Ok(number) {
            return None;
        }
        plain.push('?');
        plain.push_str(rest);
    }
    Some(plain)
}

/// A value bound to a statement.
#[derive(Clone, Debug)]
pub(crate) enum Arg {
    /// Ids, times, counts, flags.
    Int(Option<i64>),
    /// Text and JSON.
    Text(Option<String>),
    /// Percentages.
    Real(Option<f64>),
}

impl From<i64> for Arg {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Option<i64>> for Arg {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Arg {
    fn from(value: bool) -> Self {
        Self::Int(Some(i64::from(value)))
    }
}

impl From<&str> for Arg {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<String> for Arg {
    fn from(value: String) -> Self {
        Self::Text(Some(value))
    }
}

impl From<Option<&str>> for Arg {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(ToOwned::to_owned))
    }
}

impl From<Option<String>> for Arg {
    fn from(value: Option<String>) -> Self {
        Self::Text(value)
    }
}

impl From<Option<f64>> for Arg {
    fn from(value: Option<f64>) -> Self {
        Self::Real(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_on_through_lists_and_rows() {
        let mut sql = Sql::new("SELECT $1 IN ").arg(1);
        sql.list([2, 3]).push(" VALUES ").rows([
            [Arg::from(4), Arg::from("five")],
            [Arg::from(6), Arg::from("seven")],
        ]);
        assert_eq!(sql.text, "SELECT $1 IN ($2, $3) VALUES ($4, $5), ($6, $7)");
        assert_eq!(sql.args.len(), 7);
    }

    #[test]
    fn ids_are_one_argument_however_many() {
        let mut sql = Sql::new("SELECT 1 WHERE id");
        sql.among(&[7, -8], Dialect::Sqlite);
        assert_eq!(
            sql.text,
            "SELECT 1 WHERE id IN (SELECT value FROM json_each($1))"
        );
        assert_eq!(sql.args.len(), 1);
        let mut sql = Sql::new("SELECT 1 WHERE id");
        sql.among(&[], Dialect::Postgres);
        assert_eq!(sql.text, "SELECT 1 WHERE id = ANY (CAST($1 AS BIGINT[]))");
    }

    #[test]
    fn many_placeholders_in_order_become_plain_for_sqlite() {
        let mut sql = Sql::new("SELECT $1, $2 IN ").arg(1).arg(2);
        sql.list(3..100);
        let text = sql.for_sqlite().text;
        assert!(text.starts_with("SELECT ?, ? IN (?, ?, "));
        assert_eq!(text.matches('?').count(), 99);
        assert!(!text.contains('$'));
    }

    #[test]
    fn a_placeholder_that_comes_twice_keeps_its_number() {
        let mut sql = Sql::new("SELECT $1, $1 IN ").arg(1);
        sql.list(2..100);
        assert_eq!(sql.clone().for_sqlite().text, sql.text);
    }
}
