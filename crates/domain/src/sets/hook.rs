use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::JsonPath;

/// An HTTP request that an application understands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// Where to: HTTPS and a public host, unless the console's configuration names the host.
    pub url: String,
    /// The method; POST by default.
    #[serde(default)]
    pub method: Method,
    /// Headers besides. Secrets do not belong here: sign with `secret`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The body. `{{set}}`, `{{run}}`, `{{step}}` and `{{token}}` are filled in, as JSON writes text; after a restore also
    /// `{{restored.MEMBER}}` and `{{restored.MEMBER.arn}}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Name of the key that signs the request: the console's process has it in `TIDEMARK_HOOK_SECRET_<NAME>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// The statuses that mean success; 200 to 299 by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expect_status: Vec<u16>,
    /// Ask again until the answer says something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    /// How long one request may take, 1 to 120 seconds; 10 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_seconds: Option<u32>,
}

/// What to wait for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// Where the value stands in the JSON answer.
    pub path: JsonPath,
    /// The value that is waited for.
    pub equals: Value,
    /// Seconds between two requests, 1 to 300; 5 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_seconds: Option<u32>,
}

impl Poll {
    /// Seconds between two requests.
    pub fn every_seconds(&self) -> u32 {
        self.every_seconds.unwrap_or(5)
    }
}

/// The method of a hook's request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// GET.
    #[serde(rename = "GET")]
    Get,
    /// POST.
    #[default]
    #[serde(rename = "POST")]
    Post,
    /// PUT.
    #[serde(rename = "PUT")]
    Put,
    /// PATCH.
    #[serde(rename = "PATCH")]
    Patch,
    /// DELETE.
    #[serde(rename = "DELETE")]
    Delete,
}

impl Method {
    /// As HTTP writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl Hook {
    /// How long one request may take.
    pub fn deadline_seconds(&self) -> u32 {
        self.deadline_seconds.unwrap_or(10)
    }

    /// Whether a status means success.
    pub fn expects(&self, status: u16) -> bool {
        if self.expect_status.is_empty() {
            return (200..300).contains(&status);
        }
        self.expect_status.contains(&status)
    }
}

/// What is filled into a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookFill {
    /// Name of the set.
    pub set: String,
    /// Id of the run.
    pub run: String,
    /// Name of the step.
    pub step: String,
    /// The same each time this step of this run is carried out.
    pub token: String,
    /// After a restore: by `MEMBER` the name or id of what was made of it, by `MEMBER.arn` its ARN.
    pub restored: BTreeMap<String, String>,
}

/// Fills a body's blanks. Text is written as within JSON's quotes, so that no value ends them.
pub fn fill(body: &str, values: &HookFill) -> Result<String, String> {
    let mut filled = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let (name, after) = after
            .split_once("}}")
            .ok_or_else(|| "holds {{ without }}".to_owned())?;
        let value = match name.trim() {
            "set" => &values.set,
            "run" => &values.run,
            "step" => &values.step,
            "token" => &values.token,
            other => {
                let made = other.strip_prefix("restored.");
                let made = made.and_then(|member| values.restored.get(member));
                made.ok_or_else(|| unknown(other, !values.restored.is_empty()))?
            }
        };
        let quoted = Value::from(value.as_str()).to_string();
        filled.push_str(quoted.trim_matches('"'));
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn unknown(name: &str, restored: bool) -> String {
    let name: String = name.chars().take(80).collect();
    let besides = if restored {
        ", {{restored.MEMBER}} and {{restored.MEMBER.arn}} for each member"
    } else {
        ""
    };
    format!(
        "holds {{{{{name}}}}}, which is not known here; known are {{{{set}}}}, {{{{run}}}}, {{{{step}}}} and {{{{token}}}}{besides}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_filled_as_json_writes_text() {
        let values = HookFill {
            set: "a\"b".into(),
            run: "r1".into(),
            step: "pause".into(),
            token: "t".into(),
            restored: [("orders".to_owned(), "orders-new".to_owned())].into(),
        };
        assert_eq!(
            fill("{{restored.orders}}", &values).as_deref(),
            Ok("orders-new")
        );
        assert!(fill("{{restored.parts}}", &values).is_err());
        assert_eq!(
            fill(r#"{"set": "{{set}}", "id": "{{ run }}/{{step}}"}"#, &values).as_deref(),
            Ok(r#"{"set": "a\"b", "id": "r1/pause"}"#)
        );
        assert!(fill("{{secret}}", &values).is_err());
        assert!(fill("{{run", &values).is_err());
    }

    #[test]
    fn success_is_what_is_expected() {
        let mut hook = Hook {
            url: String::new(),
            method: Method::Post,
            headers: BTreeMap::new(),
            body: None,
            secret: None,
            expect_status: vec![],
            poll: None,
            deadline_seconds: None,
        };
        assert!(hook.expects(204) && !hook.expects(302) && !hook.expects(500));
        hook.expect_status = vec![202];
        assert!(hook.expects(202) && !hook.expects(200));
    }
}
