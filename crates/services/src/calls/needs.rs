use std::collections::BTreeMap;

use tidemark_domain::{Feature, Features};

use super::{Call, On, When};

/// One action on one kind of resource that an access role needs, and what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleNeed {
    /// As IAM names it.
    pub action: &'static str,
    /// On what.
    pub on: On,
    /// In which cases alone; none where it is needed always by any of the features.
    pub when: Option<When>,
    /// What needs it, of what the role is made for.
    pub features: Vec<Feature>,
}

/// What the access role needs for its features: each action on each kind of resource once, by name.
pub fn role_needs(features: &Features) -> Vec<RoleNeed> {
    let mut needs: BTreeMap<(&str, &str), RoleNeed> = BTreeMap::new();
    for call in Call::ALL {
        let of_call: Vec<Feature> = call
            .row()
            .features
            .iter()
            .copied()
            .filter(|feature| features.enables(*feature))
            .collect();
        if of_call.is_empty() {
            continue;
        }
        for need in call.needs() {
            let one = needs
                .entry((need.action, need.on.words()))
                .or_insert_with(|| RoleNeed {
                    action: need.action,
                    on: need.on,
                    when: need.when,
                    features: Vec::new(),
                });
            if need.when.is_none() {
                one.when = None;
            }
            for feature in &of_call {
                if !one.features.contains(feature) {
                    one.features.push(*feature);
                }
            }
        }
    }
    needs.into_values().collect()
}
