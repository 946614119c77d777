use super::{ManifestFault, OrderRule};

/// The order rules as a graph: groups of members of one second, and which group is bounded by which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Members, by their place in the manifest, that are recovered to one second. A member that no rule groups is alone.
    pub groups: Vec<Vec<usize>>,
    /// For each group: the groups than which it must not be later.
    pub bounds: Vec<Vec<usize>>,
    /// The groups, each after those that bound it.
    pub sorted: Vec<usize>,
}

/// Reads order rules over members of these names. The fault's line is for the caller to find.
pub fn order(members: &[&str], rules: &[OrderRule]) -> Result<Order, ManifestFault> {
    let place = |path: String, name: &str| {
        let found = members.iter().position(|member| *member == name);
        found.ok_or_else(|| {
            let near = crate::strict::nearest(name, members);
            let hint = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
            let name: String = name.chars().take(64).collect();
            ManifestFault::new(None, path, format!("{name} is no member of the set{hint}"))
        })
    };
    let mut group_of: Vec<usize> = (0..members.len()).collect();
    let mut edges: Vec<(usize, usize, usize)> = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        let path = |part: &str| format!("order[{at}]{part}");
        match (
            &rule.member,
            rule.no_later_than.as_slice(),
            rule.same_second.as_slice(),
        ) {
            (Some(member), [_, ..], []) => {
                let member = place(path(".member"), member)?;
                for (nth, than) in rule.no_later_than.iter().enumerate() {
                    edges.push((
                        at,
                        member,
                        place(path(&format!(".no_later_than[{nth}]")), than)?,
                    ));
                }
            }
            (None, [], [first, _, ..]) => {
                let first = place(path(".same_second[0]"), first)?;
                for (nth, other) in rule.same_second.iter().enumerate() {
                    let other = place(path(&format!(".same_second[{nth}]")), other)?;
                    let (from, to) = (group_of[other], group_of[first]);
                    for group in &mut group_of {
                        if *group == from {
                            *group = to;
                        }
                    }
                }
            }
            _ => {
                let rule = "must be either member with no_later_than, or same_second with two members or more";
                return Err(ManifestFault::new(None, path(""), rule));
            }
        }
    }
    build(members, &group_of, &edges)
}

fn build(
    members: &[&str],
    group_of: &[usize],
    edges: &[(usize, usize, usize)],
) -> Result<Order, ManifestFault> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut index = vec![usize::MAX; members.len()];
    for member in 0..members.len() {
        let leader = group_of[member];
        let known = group_of[..member].iter().position(|other| *other == leader);
        if let Some(known) = known {
            index[member] = index[known];
            groups[index[known]].push(member);
        } else {
            index[member] = groups.len();
            groups.push(vec![member]);
        }
    }
    let mut bounds = vec![Vec::new(); groups.len()];
    for (at, member, than) in edges {
        let (from, to) = (index[*member], index[*than]);
        if reaches(&bounds, to, from) {
            let rule = format!(
                "{} may not be later than {}, which by the rules before may not be later than {}: rules must not go round in \
                 a circle (same_second is for members of one moment)",
                members[*member], members[*than], members[*member]
            );
            return Err(ManifestFault::new(None, format!("order[{at}]"), rule));
        }
        if !bounds[from].contains(&to) {
            bounds[from].push(to);
        }
    }
    let mut sorted = Vec::with_capacity(groups.len());
    while sorted.len() < groups.len() {
        let ready = (0..groups.len()).find(|group| {
            !sorted.contains(group) && bounds[*group].iter().all(|bound| sorted.contains(bound))
        });
        // There is always one, since no rule closes a circle.
        let Some(ready) = ready else { break };
        sorted.push(ready);
    }
    Ok(Order {
        groups,
        bounds,
        sorted,
    })
}

/// Whether `from` is `to`, or bounded by it, directly or through others.
fn reaches(bounds: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = vec![false; bounds.len()];
    let mut open = vec![from];
    while let Some(group) = open.pop() {
        if group == to {
            return true;
        }
        if !std::mem::replace(&mut seen[group], true) {
            open.extend(&bounds[group]);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn later(member: &str, than: &[&str]) -> OrderRule {
        OrderRule {
            member: Some(member.to_owned()),
            no_later_than: than.iter().map(|than| (*than).to_owned()).collect(),
            same_second: vec![],
        }
    }

    fn same(members: &[&str]) -> OrderRule {
        OrderRule {
            same_second: members.iter().map(|member| (*member).to_owned()).collect(),
            ..OrderRule::default()
        }
    }

    #[test]
    fn what_bounds_comes_first() {
        let order = order(&["db", "disk", "cache"], &[later("db", &["disk", "cache"])]).unwrap();
        assert_eq!(order.bounds, [vec![1, 2], vec![], vec![]]);
        assert_eq!(order.sorted, [1, 2, 0]);
    }

    #[test]
    fn circles_are_refused_at_the_rule_that_closes_them() {
        let rules = [later("a", &["b"]), later("b", &["c"]), later("c", &["a"])];
        let fault = order(&["a", "b", "c"], &rules).unwrap_err();
        assert_eq!(fault.path, "order[2]");
        let rules = [same(&["a", "b"]), later("a", &["b"])];
        assert_eq!(order(&["a", "b"], &rules).unwrap_err().path, "order[1]");
        let rules = [later("a", &["a"])];
        assert!(order(&["a"], &rules).is_err());
    }

    #[test]
    fn strangers_are_refused_with_who_was_meant() {
        let fault = order(&["disk", "db"], &[later("db", &["dsik"])]).unwrap_err();
        assert_eq!(fault.path, "order[0].no_later_than[0]");
        assert!(fault.rule.contains("did you mean disk?"), "{fault}");
        assert!(order(&["a"], &[OrderRule::default()]).is_err());
    }

    #[test]
    fn members_of_one_second_are_one_group() {
        let order = order(
            &["a", "b", "c", "d"],
            &[same(&["a", "c"]), same(&["c", "d"])],
        )
        .unwrap();
        assert_eq!(order.groups, [vec![0, 2, 3], vec![1]]);
    }
}
