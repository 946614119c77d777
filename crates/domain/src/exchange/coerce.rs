use serde_json::{Map, Value, json};

use super::{
    node::Node,
    schema::{Advice, Form, Kind, Member, Shape, advice},
    unknown::Unknown,
};
use crate::Invalid;

/// Brings documents to the types and names of the API: text for numbers and flags, numbers for text that
/// is one, lists for text with commas; null is absent. What is not known leaves a place holder behind.
///
/// Members that nobody knows stay as they are.
#[derive(Debug)]
pub(super) struct Coercion {
    /// In which form the document is written.
    form: Form,
    /// What only a deployment knows.
    pub(super) unknown: Vec<Unknown>,
    /// What cannot be read, with its path in the file.
    wrong: Vec<Invalid>,
}

/// Where a value stands: in the file, and in the plan.
#[derive(Clone, Copy)]
struct At<'a> {
    file: &'a str,
    plan: &'a str,
}

impl Coercion {
    pub(super) fn new(form: Form) -> Self {
        Self {
            form,
            unknown: Vec::new(),
            wrong: Vec::new(),
        }
    }

    /// The document as the API takes it. `file` and `plan` are the paths of the document: in the file, for
    /// errors, and in the plan.
    pub(super) fn document(
        &mut self,
        node: &Node,
        shape: &'static Shape,
        file: &str,
        plan: &str,
    ) -> Result<Value, Invalid> {
        let value = self.value(node, Kind::Object(shape), At { file, plan });
        match self.wrong.split_first() {
            None => Ok(value.unwrap_or_else(|| json!({}))),
            Some((first, [])) => Err(first.clone()),
            Some((first, rest)) => {
                let rest: Vec<String> = rest.iter().map(ToString::to_string).collect();
                Err(Invalid::new(
                    first.field.clone(),
                    format!("{}; and {}", first.rule, rest.join("; and ")),
                ))
            }
        }
    }

    /// Texts by name, such as the tags of a plan.
    pub(super) fn texts_by_name(
        &mut self,
        node: &Node,
        file: &str,
        plan: &str,
    ) -> Result<Option<Value>, Invalid> {
        let value = self.value(node, Kind::TextMap, At { file, plan });
        match self.wrong.first() {
            None => Ok(value),
            Some(first) => Err(first.clone()),
        }
    }

    fn value(&mut self, node: &Node, kind: Kind, at: At<'_>) -> Option<Value> {
        if let Node::Unknown(why) = node {
            self.unknown.push(Unknown {
                field: at.plan.to_owned(),
                parameter: why.parameter.clone(),
                because: why.because.clone(),
            });
            return place_holder(kind);
        }
        match kind {
            _ if *node == Node::Nothing => None,
            Kind::Text => node.text().map(Value::from).or_else(|| {
                self.refuse(at, format!("must be text, not {}", node.kind()));
                None
            }),
            Kind::Whole => self.whole(node, at),
            Kind::Flag => self.flag(node, at),
            Kind::Texts => self.list(node, Kind::Text, at),
            Kind::TextMap => self.text_map(node, at),
            Kind::Object(shape) => self.object(node, shape, at),
            Kind::List(shape) => self.list(node, Kind::Object(shape), at),
        }
    }

    fn whole(&mut self, node: &Node, at: At<'_>) -> Option<Value> {
        let number = node.text().and_then(|text| whole_number(text.trim()));
        if number.is_none() {
            self.refuse(at, format!("must be a whole number, not {}", shown(node)));
        }
        number.map(Value::from)
    }

    fn flag(&mut self, node: &Node, at: At<'_>) -> Option<Value> {
        let flag = node.text().and_then(|text| {
            ["false", "true"]
                .iter()
                .position(|word| text.trim().eq_ignore_ascii_case(word))
        });
        if flag.is_none() {
            self.refuse(at, format!("must be true or false, not {}", shown(node)));
        }
        flag.map(|flag| Value::from(flag == 1))
    }

    fn text_map(&mut self, node: &Node, at: At<'_>) -> Option<Value> {
        // Some properties may be written as JSON in a text.
        let parsed = match node {
            Node::Text(text) => serde_json::from_str::<Value>(text)
                .ok()
                .filter(Value::is_object)
                .map(|value| Node::known(&value)),
            _ => None,
        };
        let Node::Map(members) = parsed.as_ref().unwrap_or(node) else {
            self.refuse(
                at,
                format!("must be an object with texts, not {}", node.kind()),
            );
            return None;
        };
        let mut map = Map::new();
        for (name, value) in members {
            let (file, plan) = at.member(name, name);
            let at = At {
                file: &file,
                plan: &plan,
            };
            if let Some(value) = self.value(value, Kind::Text, at) {
                map.insert(name.clone(), value);
            }
        }
        Some(Value::Object(map))
    }

    fn list(&mut self, node: &Node, kind: Kind, at: At<'_>) -> Option<Value> {
        let split: Vec<Node>;
        let items: &[Node] = match (node, kind) {
            (Node::List(items), _) => items,
            // A list may be given as text with commas, a single object without a list.
            (Node::Text(text), Kind::Text) => {
                split = text
                    .split(',')
                    .map(|part| Node::Text(part.trim().to_owned()))
                    .collect();
                &split
            }
            (Node::Map(_), Kind::Object(shape)) if self.is_one(node, shape) => {
                std::slice::from_ref(node)
            }
            _ => {
                self.refuse(at, self.wanted_list(kind, node));
                return None;
            }
        };
        let mut list = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let (file, plan) = (
                format!("{}[{index}]", at.file),
                format!("{}[{}]", at.plan, list.len()),
            );
            let at = At {
                file: &file,
                plan: &plan,
            };
            list.extend(self.value(item, kind, at));
        }
        Some(Value::Array(list))
    }

    /// The object is a member of the list that should be here.
    fn is_one(&self, node: &Node, shape: &Shape) -> bool {
        let Node::Map(members) = node else {
            return false;
        };
        let names: Vec<&str> = shape
            .members
            .iter()
            .filter_map(|member| member.name(self.form))
            .collect();
        self.form == Form::Cloudformation
            && members
                .iter()
                .any(|(name, _)| names.contains(&name.as_str()))
    }

    fn wanted_list(&self, kind: Kind, node: &Node) -> String {
        let Kind::Object(shape) = kind else {
            return format!("must be a list of texts, not {}", node.kind());
        };
        let names: Vec<&str> = shape
            .members
            .iter()
            .filter(|member| member.required)
            .filter_map(|member| member.name(self.form))
            .collect();
        let of = if names.is_empty() {
            "objects".to_owned()
        } else {
            format!("objects with {}", names.join(" and "))
        };
        format!("must be a list of {of}, not {}", node.kind())
    }

    fn object(&mut self, node: &Node, shape: &'static Shape, at: At<'_>) -> Option<Value> {
        let Node::Map(members) = node else {
            self.refuse(at, format!("must be an object, not {}", node.kind()));
            return None;
        };
        let mut object = Map::new();
        let mut misnamed = Vec::new();
        for (name, value) in members {
            if let Some(member) = self.member(shape, name) {
                let (file, plan) = at.member(name, member.api);
                let at = At {
                    file: &file,
                    plan: &plan,
                };
                if let Some(value) = self.value(value, member.kind, at) {
                    object.insert(member.api.to_owned(), value);
                }
            } else if let Advice::OtherForm(right) = advice(name, shape, self.form) {
                let (file, plan) = at.member(name, name);
                let at = At {
                    file: &file,
                    plan: &plan,
                };
                self.refuse(at, self.other_form(right));
                misnamed.push(right);
            } else {
                self.keep(name, value, at, &mut object);
            }
        }
        for member in shape.members.iter().filter(|member| member.required) {
            let name = member.name(self.form).unwrap_or(member.api);
            if !object.contains_key(member.api) && !misnamed.contains(&name) {
                let (file, plan) = at.member(name, member.api);
                let unread = self
                    .wrong
                    .iter()
                    .any(|wrong| wrong.field.starts_with(&file));
                if !unread {
                    let at = At {
                        file: &file,
                        plan: &plan,
                    };
                    self.refuse(at, "is missing".to_owned());
                }
            }
        }
        Some(Value::Object(object))
    }

    fn member(&self, shape: &'static Shape, name: &str) -> Option<&'static Member> {
        shape
            .members
            .iter()
            .find(|member| member.name(self.form) == Some(name))
    }

    fn other_form(&self, right: &str) -> String {
        match self.form {
            Form::Api => format!("is CloudFormation's name: AWS's JSON calls it {right}"),
            Form::Cloudformation => format!("is the API's name: CloudFormation calls it {right}"),
        }
    }

    /// A member that nobody knows stays as it came.
    fn keep(&mut self, name: &str, node: &Node, at: At<'_>, object: &mut Map<String, Value>) {
        let (_, plan) = at.member(name, name);
        if let Some(why) = node.why() {
            self.unknown.push(Unknown {
                field: plan,
                parameter: why.parameter.clone(),
                because: why.because.clone(),
            });
        }
        if *node != Node::Nothing {
            object.insert(name.to_owned(), node.json());
        }
    }

    fn refuse(&mut self, at: At<'_>, rule: String) {
        let field = if at.file.is_empty() { "plan" } else { at.file };
        self.wrong.push(Invalid::new(field, rule));
    }
}

impl At<'_> {
    fn member(self, file: &str, plan: &str) -> (String, String) {
        let join = |path: &str, name: &str| {
            if path.is_empty() {
                name.to_owned()
            } else {
                format!("{path}.{name}")
            }
        };
        (join(self.file, file), join(self.plan, plan))
    }
}

/// What stands where a value is not known: enough that the rest can be read.
fn place_holder(kind: Kind) -> Option<Value> {
    match kind {
        Kind::Text => Some(Value::from("")),
        Kind::Whole | Kind::Flag => None,
        Kind::Texts => Some(json!([""])),
        Kind::TextMap => Some(json!({})),
        Kind::Object(shape) => {
            let required = shape
                .members
                .iter()
                .filter(|member| member.required)
                .filter_map(|member| Some((member.api.to_owned(), place_holder(member.kind)?)));
            Some(Value::Object(required.collect()))
        }
        Kind::List(shape) => Some(json!([place_holder(Kind::Object(shape))])),
    }
}

/// A whole number, also written as `60.0` or `6e1`.
fn whole_number(text: &str) -> Option<i64> {
    /// Beyond this a number with a fraction cannot be told from its neighbours.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let number: f64 = text.parse().ok()?;
    let whole = number.fract() == 0.0 && number.abs() <= EXACT;
    whole.then(|| format!("{number:.0}").parse().ok()).flatten()
}

fn shown(node: &Node) -> String {
    match node {
        Node::Text(text) => format!("{text:?}"),
        Node::Number(number) => number.to_string(),
        other => other.kind().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::{
        super::schema::{PLAN, RULE},
        *,
    };

    fn rule(value: &Value) -> Result<Value, Invalid> {
        Coercion::new(Form::Api).document(&Node::known(value), &RULE, "Rules[0]", "Rules[0]")
    }

    #[test]
    fn each_member_takes_the_type_of_its_schema() -> Result<(), Invalid> {
        let read = rule(&json!({
            "RuleName": 1, "TargetBackupVaultName": true,
            "StartWindowMinutes": "60", "CompletionWindowMinutes": 180.0,
            "EnableContinuousBackup": "True", "Lifecycle": null,
            "RecoveryPointTags": {"automatic": true, "tier": 2, "gone": null},
            "IndexActions": [{"ResourceTypes": "S3, EBS"}, null],
            "Odd": {"kept": [1.5, null]},
        }))?;
        assert_eq!(
            read,
            json!({
                "RuleName": "1", "TargetBackupVaultName": "true",
                "StartWindowMinutes": 60, "CompletionWindowMinutes": 180,
                "EnableContinuousBackup": true,
                "RecoveryPointTags": {"automatic": "true", "tier": "2"},
                "IndexActions": [{"ResourceTypes": ["S3", "EBS"]}],
                "Odd": {"kept": [1.5, null]},
            })
        );
        Ok(())
    }

    #[test]
    fn every_error_names_its_path_and_all_are_told() {
        let error = rule(&json!({
            "TargetBackupVault": "main", "StartWindowMinutes": 1.5,
            "Lifecycle": {"DeleteAfterDays": "soon"}, "CopyActions": "x", "RecoveryPointTags": [],
        }));
        let text = error.map_err(|error| error.to_string()).unwrap_err();
        for part in [
            "Rules[0].TargetBackupVault: is CloudFormation's name: AWS's JSON calls it TargetBackupVaultName",
            "Rules[0].StartWindowMinutes: must be a whole number, not 1.5",
            "Rules[0].Lifecycle.DeleteAfterDays: must be a whole number, not \"soon\"",
            "Rules[0].CopyActions: must be a list of objects with DestinationBackupVaultArn, not text",
            "Rules[0].RecoveryPointTags: must be an object with texts, not a list",
            "Rules[0].RuleName: is missing",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(
            !text.contains("TargetBackupVaultName: is missing"),
            "{text}"
        );
    }

    #[test]
    fn an_unknown_list_of_rules_leaves_a_plan_that_can_be_read() -> Result<(), Invalid> {
        let node = Node::Map(vec![
            ("BackupPlanName".to_owned(), Node::Text("p".to_owned())),
            (
                "BackupPlanRule".to_owned(),
                Node::Unknown(super::super::node::Why::new("Rules", "is given")),
            ),
        ]);
        let mut coercion = Coercion::new(Form::Cloudformation);
        let value = coercion.document(&node, &PLAN, "P", "")?;
        assert_eq!(
            value["Rules"],
            json!([{"RuleName": "", "TargetBackupVaultName": ""}])
        );
        assert_eq!(coercion.unknown[0].field, "Rules");
        Ok(())
    }

    #[test]
    fn numbers_are_whole_or_refused() {
        for (text, number) in [
            ("60", Some(60)),
            ("60.0", Some(60)),
            ("6e1", Some(60)),
            ("-1", Some(-1)),
            ("1.5", None),
            ("1e300", None),
            ("", None),
            ("NaN", None),
        ] {
            assert_eq!(whole_number(text), number, "{text}");
        }
    }
}
