//! The resources of a document of Terraform, whichever of its forms it has.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Invalid;

/// A managed resource.
#[derive(Debug)]
pub(super) struct Resource<'a> {
    /// Its whole address: `module.nightly["eu"].aws_backup_plan.this[0]`.
    pub(super) address: String,
    /// The module's part of it; empty at the root.
    pub(super) module: String,
    /// `aws_backup_plan`.
    pub(super) kind: &'a str,
    /// Its name in the module.
    pub(super) name: &'a str,
    /// Key of `count` or `for_each`.
    pub(super) index: Option<&'a Value>,
    /// Its attributes.
    pub(super) values: &'a Value,
    /// True in place of each attribute that is not known yet.
    pub(super) unknown: Option<&'a Value>,
}

/// A document of Terraform.
pub(super) enum Document<'a> {
    /// `terraform show -json` of a plan or a state, by its root module.
    Shown { whole: &'a Value, root: &'a Value },
    /// A state file, by its resources.
    State(&'a [Value]),
}

/// Whether a JSON object is a document of Terraform that can be read.
pub fn is_terraform(document: &Value) -> bool {
    Document::new(document).is_ok()
}

impl<'a> Document<'a> {
    pub(super) fn new(whole: &'a Value) -> Result<Self, Invalid> {
        let is_terraform = whole.get("terraform_version").is_some();
        let root = ["/planned_values/root_module", "/values/root_module"]
            .into_iter()
            .find_map(|path| whole.pointer(path));
        match (root, whole.get("resources").and_then(Value::as_array)) {
            (Some(root), _) if is_terraform || whole.get("format_version").is_some() => {
                Ok(Self::Shown { whole, root })
            }
            (_, Some(resources)) if whole.get("lineage").is_some() => Ok(Self::State(resources)),
            _ => Err(Invalid::new(
                "file",
                "must be what terraform show -json prints of a plan or a state, or a state file",
            )),
        }
    }

    pub(super) fn resources(&self) -> Vec<Resource<'a>> {
        let mut found = Vec::new();
        match self {
            Self::Shown { whole, root } => {
                let changes = whole.get("resource_changes").and_then(Value::as_array);
                let unknown: BTreeMap<&str, &Value> = changes
                    .into_iter()
                    .flatten()
                    .filter_map(|change| {
                        let address = change.get("address")?.as_str()?;
                        Some((address, change.pointer("/change/after_unknown")?))
                    })
                    .collect();
                shown(root, "", &unknown, &mut found);
            }
            Self::State(resources) => found.extend(resources.iter().flat_map(of_state)),
        }
        found
    }

    /// What an attribute of a resource is made of in the configuration.
    pub(super) fn references(&self, resource: &Resource<'_>, attribute: &str) -> Vec<&'a str> {
        let Self::Shown { whole, .. } = self else {
            return Vec::new();
        };
        let mut module = whole.pointer("/configuration/root_module");
        for name in module_names(&resource.module) {
            module = module.and_then(|module| module.get("module_calls")?.get(name)?.get("module"));
        }
        let written = module
            .and_then(|module| module.get("resources")?.as_array())
            .into_iter()
            .flatten()
            .find(|one| one["type"] == resource.kind && one["name"] == resource.name);
        let references = written
            .and_then(|one| one.get("expressions")?.get(attribute)?.get("references"))
            .and_then(Value::as_array);
        references
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }
}

fn shown<'a>(
    module: &'a Value,
    address: &str,
    unknown: &BTreeMap<&str, &'a Value>,
    found: &mut Vec<Resource<'a>>,
) {
    let list = |name: &str| {
        module
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    for resource in list("resources") {
        let text = |name: &str| resource.get(name).and_then(Value::as_str);
        let (Some("managed"), Some(own), Some(kind), Some(name), Some(values)) = (
            text("mode"),
            text("address"),
            text("type"),
            text("name"),
            resource.get("values"),
        ) else {
            continue;
        };
        found.push(Resource {
            address: own.to_owned(),
            module: address.to_owned(),
            kind,
            name,
            index: resource.get("index"),
            values,
            unknown: unknown.get(own).copied(),
        });
    }
    for child in list("child_modules") {
        let address = child
            .get("address")
            .and_then(Value::as_str)
            .unwrap_or_default();
        shown(child, address, unknown, found);
    }
}

fn of_state(resource: &Value) -> Vec<Resource<'_>> {
    let text = |name: &str| resource.get(name).and_then(Value::as_str);
    let (Some("managed"), Some(kind), Some(name)) = (text("mode"), text("type"), text("name"))
    else {
        return Vec::new();
    };
    let module = text("module").unwrap_or_default();
    let instances = resource.get("instances").and_then(Value::as_array);
    instances
        .into_iter()
        .flatten()
        .filter_map(|instance| {
            let index = instance.get("index_key");
            let own = match index {
                Some(key) => format!("{kind}.{name}[{key}]"),
                None => format!("{kind}.{name}"),
            };
            Some(Resource {
                address: if module.is_empty() {
                    own
                } else {
                    format!("{module}.{own}")
                },
                module: module.to_owned(),
                kind,
                name,
                index,
                values: instance.get("attributes")?,
                unknown: None,
            })
        })
        .collect()
}

/// The names of the calls that lead to a module: `module.a["x.y"].module.b` gives `a` and `b`.
fn module_names(address: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = address;
    while let Some(after) = rest.strip_prefix("module.") {
        let end = after.find(['.', '[']).unwrap_or(after.len());
        names.push(&after[..end]);
        rest = &after[end..];
        if rest.starts_with('[') {
            // A key may hold anything but an unescaped quote and a bracket after it.
            let end = match rest.strip_prefix("[\"") {
                Some(key) => key.find("\"]").map(|at| at + 4),
                None => rest.find(']').map(|at| at + 1),
            };
            rest = &rest[end.unwrap_or(rest.len())..];
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calls_of_a_module_are_told_from_its_keys() {
        assert_eq!(module_names("module.a[\"x.y\"].module.b"), ["a", "b"]);
        assert_eq!(module_names("module.a[0].module.b[1]"), ["a", "b"]);
        assert!(module_names("").is_empty());
    }
}
