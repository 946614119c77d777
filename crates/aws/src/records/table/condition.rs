use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use tidemark_records::{key::KeySchema, ports::Expected};

use crate::records::wire::read_item;

/// Attributes compared at most: an expression has 300 operators and 4 KB.
const MOST: usize = 120;

/// A condition expression with what it names.
pub(super) struct Condition {
    pub(super) expression: String,
    pub(super) names: HashMap<String, String>,
    pub(super) values: HashMap<String, AttributeValue>,
}

impl Condition {
    /// That the table holds what is expected. `new` is what will be written: where a record has
    /// more attributes than an expression can compare, those that change come first.
    pub(super) fn new(
        schema: &KeySchema,
        expected: &Expected,
        new: Option<&HashMap<String, AttributeValue>>,
    ) -> Result<Self, String> {
        let mut condition = Self {
            expression: String::new(),
            names: HashMap::from([("#k".to_owned(), schema.partition.name.clone())]),
            values: HashMap::new(),
        };
        let Expected::Image(image) = expected else {
            "attribute_not_exists(#k)".clone_into(&mut condition.expression);
            return Ok(condition);
        };
        "attribute_exists(#k)".clone_into(&mut condition.expression);
        let image = read_item(image)?;
        let is_key = |name: &str| schema.attributes().any(|attribute| attribute.name == name);
        let of_new = |name: &str| new.and_then(|new| new.get(name));
        let expected: BTreeMap<&String, &AttributeValue> =
            image.iter().filter(|(name, _)| !is_key(name)).collect();
        let (changed, same): (Vec<_>, Vec<_>) = expected
            .into_iter()
            .partition(|(name, value)| of_new(name) != Some(*value));
        let mut added: Vec<&String> = new
            .into_iter()
            .flat_map(HashMap::keys)
            .filter(|name| !image.contains_key(*name))
            .collect();
        added.sort_unstable();
        let compared = changed
            .into_iter()
            .map(|(name, value)| (name, Some(value)))
            .chain(added.into_iter().map(|name| (name, None)))
            .chain(same.into_iter().map(|(name, value)| (name, Some(value))));
        for (number, (name, value)) in compared.take(MOST).enumerate() {
            condition.and(number, name, value);
        }
        Ok(condition)
    }

    fn and(&mut self, number: usize, name: &str, value: Option<&AttributeValue>) {
        self.names.insert(format!("#{number}"), name.to_owned());
        let term = if let Some(value) = value {
            self.values.insert(format!(":{number}"), value.clone());
            format!(" AND #{number}=:{number}")
        } else {
            format!(" AND attribute_not_exists(#{number})")
        };
        self.expression.push_str(&term);
    }

    /// The values; none where there are none, since DynamoDB refuses an empty list of them.
    pub(super) fn values(&self) -> Option<HashMap<String, AttributeValue>> {
        (!self.values.is_empty()).then(|| self.values.clone())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use tidemark_records::key::{KeyAttribute, KeyType};

    use super::*;

    fn schema() -> KeySchema {
        KeySchema::simple(KeyAttribute::new("id", KeyType::S))
    }

    #[test]
    fn what_changes_is_compared_before_what_stays() {
        let image = r#"{"id":{"S":"a"},"kept":{"S":"k"},"changed":{"N":"1"},"gone":{"N":"2"}}"#;
        let new = r#"{"id":{"S":"a"},"kept":{"S":"k"},"changed":{"N":"3"},"added":{"N":"2"}}"#;
        let new = read_item(new.as_bytes()).unwrap();
        let expected = Expected::Image(image.into());
        let condition = Condition::new(&schema(), &expected, Some(&new)).unwrap();
        assert_eq!(
            condition.expression,
            "attribute_exists(#k) AND #0=:0 AND #1=:1 AND attribute_not_exists(#2) AND #3=:3"
        );
        assert_eq!(condition.names["#0"], "changed");
        assert_eq!(condition.names["#1"], "gone");
        assert_eq!(condition.names["#2"], "added");
        assert_eq!(condition.names["#3"], "kept");
        assert_eq!(condition.values[":0"], AttributeValue::N("1".to_owned()));
    }

    #[test]
    fn the_widest_record_fits_the_limits_of_an_expression() {
        let attributes: Vec<String> = (0..1_000)
            .map(|number| format!(r#""attribute-{number}":{{"N":"{number}"}}"#))
            .collect();
        let image = format!(r#"{{"id":{{"S":"a"}},{}}}"#, attributes.join(","));
        let condition = Condition::new(&schema(), &Expected::Image(image.into()), None).unwrap();
        assert!(condition.expression.len() < 4_096);
        let operators = condition.expression.matches(['=', 'A']).count();
        assert!(operators < 300, "{operators}");
    }

    #[test]
    fn nothing_is_expected_by_the_absence_of_the_key() {
        let condition = Condition::new(&schema(), &Expected::Absent, None).unwrap();
        assert_eq!(condition.expression, "attribute_not_exists(#k)");
        assert_eq!(condition.names["#k"], "id");
        assert!(condition.values().is_none());
    }
}
