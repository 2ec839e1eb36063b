//! Every name in a template, looked up before any mail is written: in all branches, not only those a sample takes.

use handlebars::template::{HelperTemplate, Parameter, Subexpression, TemplateElement};
use handlebars::{Path, PathSeg, Template};
use serde_json::Value;

use super::codes;
use super::problems::Problems;
use super::verbatim::VERBATIM;

/// What a template may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Values only.
    Subject,
    /// Values, `verbatim` and `person`.
    Body,
    /// Values, and `{{{…}}}` for what is markup already.
    Layout,
}

/// Looks up every name of one template and notes those that are not there.
pub struct Check<'a> {
    pub file: &'a str,
    pub kind: Kind,
    pub problems: &'a mut Problems,
    /// The values that names are looked up in, innermost last; the first is the root.
    pub scopes: Vec<&'a Value>,
}

impl<'a> Check<'a> {
    /// Checks a template and all blocks in it.
    pub fn template(&mut self, template: &Template) {
        for (position, element) in template.elements.iter().enumerate() {
            let line = template.mapping.get(position).map(|mapping| mapping.0);
            self.element(element, line);
        }
    }

    fn add(&mut self, line: Option<usize>, what: impl Into<String>) {
        self.problems.add(self.file, line, what);
    }

    fn element(&mut self, element: &TemplateElement, line: Option<usize>) {
        match element {
            TemplateElement::RawString(_) | TemplateElement::Comment(_) => {}
            TemplateElement::Expression(helper) => self.expression(helper, line),
            TemplateElement::HtmlExpression(helper) if self.kind == Kind::Layout => self.expression(helper, line),
            TemplateElement::HtmlExpression(_) => {
                self.add(line, "{{{…}}} is not for here: what people wrote would become markup; use {{…}}");
            }
            TemplateElement::HelperBlock(helper) => self.block(helper, line),
            _ => self.add(line, "partials and decorators are not for mails"),
        }
    }

    /// `{{name}}`, `{{verbatim words}}`, `{{person author}}`.
    fn expression(&mut self, helper: &HelperTemplate, line: Option<usize>) {
        let name = helper.name.as_name().unwrap_or_default();
        if helper.params.is_empty() && helper.hash.is_empty() {
            return self.value(&helper.name, line);
        }
        let param = helper.params.first();
        match name {
            "verbatim" if self.kind == Kind::Body => {
                if !param.and_then(Parameter::as_name).is_some_and(|text| VERBATIM.contains(&text)) {
                    self.add(line, format!("{{{{verbatim …}}}} takes one of {}", VERBATIM.join(", ")));
                }
            }
            "person" if self.kind == Kind::Body => {
                if let Some(value) = param.and_then(|param| self.look_up(param, line))
                    && value.get("email").is_none()
                {
                    self.add(line, "{{person …}} takes a person: recipient, author, requester, assignee");
                }
            }
            _ => self.add(line, format!("{name:?} is no helper that can stand here")),
        }
    }

    /// A value that is shown.
    fn value(&mut self, name: &Parameter, line: Option<usize>) {
        let shown = name.as_name().unwrap_or_default();
        if self.kind != Kind::Layout && VERBATIM.contains(&shown) {
            let what = format!("{{{{{shown}}}}} may have many lines: write {{{{verbatim {shown}}}}} as a paragraph");
            return self.add(line, what);
        }
        match self.look_up(name, line) {
            Some(Value::Array(_)) => self.add(line, format!("{shown:?} is a list: use {{{{#each {shown}}}}}")),
            Some(Value::Object(_)) => self.add(line, format!("{shown:?} is no text: name one of its fields")),
            _ => {}
        }
    }

    /// `{{#if …}}` and kin.
    fn block(&mut self, helper: &HelperTemplate, line: Option<usize>) {
        let name = helper.name.as_name().unwrap_or_default();
        if helper.block_param.is_some() {
            self.add(line, "block parameters (as |…|) are not for mails: use this");
        }
        let Some(param) = helper.params.first() else {
            return self.add(line, format!("{{{{#{name}}}}} needs a name"));
        };
        let value = self.look_up(param, line);
        let shown = param.as_name().unwrap_or_default().to_owned();
        let inner = match (name, value) {
            ("if" | "unless", _) | ("each" | "with", None) => None,
            ("each", Some(Value::Array(list))) => list.first(),
            ("with", Some(object @ Value::Object(_))) => Some(object),
            ("each", Some(_)) => return self.add(line, format!("{shown:?} is no list")),
            ("with", Some(_)) => return self.add(line, format!("{shown:?} has no fields")),
            _ => return self.add(line, format!("{{{{#{name}}}}} is not known")),
        };
        // The blocks of a name that is not there are left: all in them would be reported too.
        if let Some(template) = helper.template.as_ref().filter(|_| inner.is_some() || name == "if" || name == "unless")
        {
            self.scopes.extend(inner);
            self.template(template);
            if inner.is_some() {
                self.scopes.pop();
            }
        }
        if let Some(inverse) = &helper.inverse {
            self.template(inverse);
        }
    }

    /// The value that `parameter` names; `None`, with the problem noted, when there is none.
    fn look_up(&mut self, parameter: &Parameter, line: Option<usize>) -> Option<&'a Value> {
        match parameter {
            Parameter::Path(Path::Relative((segments, raw))) => {
                let names = segments.iter().filter_map(|segment| match segment {
                    PathSeg::Named(name) => Some(name.as_str()),
                    _ => None,
                });
                self.found(self.walk(names, raw), raw, line)
            }
            Parameter::Name(name) => self.found(self.walk([name.as_str()].into_iter(), name), name, line),
            Parameter::Path(Path::Local((_, name, _))) => {
                if self.scopes.len() < 2 || !["index", "first", "last"].contains(&name.as_str()) {
                    self.add(line, format!("there is no \"@{name}\" here"));
                }
                None
            }
            Parameter::Subexpression(expression) => {
                self.condition(expression, line);
                None
            }
            // Literals; the enum is open for kinds that later versions of Handlebars may bring.
            _ => None,
        }
    }

    /// The value at the end of a path, or the names there are where the path ends too early.
    fn walk<'n>(&self, names: impl Iterator<Item = &'n str>, raw: &str) -> Result<&'a Value, String> {
        let up = raw.matches("../").count();
        let start = if raw.starts_with("@root") { Some(0) } else { self.scopes.len().checked_sub(1 + up) };
        let mut value = *start.and_then(|start| self.scopes.get(start)).ok_or_else(String::new)?;
        for name in names {
            value = value.get(name).ok_or_else(|| fields(value))?;
        }
        Ok(value)
    }

    fn found(&mut self, walked: Result<&'a Value, String>, raw: &str, line: Option<usize>) -> Option<&'a Value> {
        walked.map_err(|hint| self.add(line, format!("there is no {raw:?}{hint}"))).ok()
    }

    /// `(eq reason "stranger")`, `(and … …)`.
    fn condition(&mut self, expression: &Subexpression, line: Option<usize>) {
        let (name, params) = (expression.name(), expression.params().map_or(&[][..], Vec::as_slice));
        if !["eq", "ne", "and", "or", "not", "gt", "gte", "lt", "lte", "len"].contains(&name) {
            self.add(line, format!("({name} …) is not known"));
        }
        let coded = params.iter().filter_map(Parameter::as_name).find_map(|name| Some((name, codes::of(name)?)));
        for param in params {
            match (param, &coded) {
                (Parameter::Literal(Value::String(code)), Some((name, known))) if !known.contains(&code.as_str()) => {
                    self.add(line, format!("no {name} has the code {code:?}; there are {}", known.join(", ")));
                }
                _ => {
                    self.look_up(param, line);
                }
            }
        }
    }
}

/// The names there are, for somebody who misspelt one.
fn fields(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            format!("; there are {}", fields.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
        }
        _ => String::new(),
    }
}
