//! A short "thanks" after closing: nobody needs to act on it, so the ticket stays closed.
//!
//! Every word must be known, in any of the languages: the one that is not may be the one that matters ("thanks, the
//! second machine stopped"). Words of denial ("not", "ei", "nicht") and of contrast ("but", "aber") are therefore left out
//! of the lists on purpose, and so is what means something else in another language ("fast" is "almost" in German).

use crate::mail::Mail;

/// Words of the longest thanks, names of people not counted.
const MAX_WORDS: usize = 12;

/// Thanks, and that all is well. One of them must be there.
const THANKS: &str = "
thanks thank thx ty tnx cheers appreciated ok okay great perfect perfectly excellent awesome super works worked working
solved resolved fixed sorted helped done
danke dank dankeschön vielen besten herzlichen perfekt prima klasse funktioniert geht klappt läuft geklappt funktionierte
gelöst erledigt geholfen behoben passt
kiitos kiitoksia kiitti toimii toimi onnistui ratkesi ratkaistu kunnossa kuntoon auttoi korjaantui selvisi
tack tackar fungerar funkar löst ordnat hjälpte
merci fonctionne marche résolu résolue réglé réglée parfait
gracias funciona solucionado resuelto arreglado perfecto
grazie funziona risolto risolta sistemato perfetto
bedankt dank werkt gelukt opgelost geholpen
obrigado obrigada resolvido resolvida funcionou perfeito
dziękuję dziękujemy dzięki działa rozwiązane rozwiązany naprawione pomogło
tak virker løst hjalp
takk fungerer hjalp ordnet";

/// What stands around them.
const AROUND: &str = "
a you u very so much many lot for your the all and it its is that this now again everything fine well quick prompt
kind great good support reply answer response assistance us me my we have i up running team sir madam
hello hi hey dear best kind warm regards greetings wishes br
für die der das den ihre ihren ihrer eure deine schnelle schnellen rasche nette tolle antwort rückmeldung unterstützung
es ist jetzt nun wieder alles bestens gut sehr und ich wir hat haben schön schönen tag hallo guten morgen moin liebe lieber
viele grüße grüßen gruß grüsse grüssen mit freundlichen freundlicher freundliche herzliche liebe beste besten mfg vg lg team
paljon oikein suuret suurkiitos avusta avustanne nopeasta nopeasti nyt taas kaikki on se hyvin hyvä vastauksesta vastauksestanne
hei moi terve terveisin ystävällisin yst terv ja
så mycket för hjälpen hjälp svaret snabba nu igen allt det är bra och hej hälsningar vänliga med mvh vänlig
beaucoup pour votre ton aide réponse rapide tout est de à vous nouveau maintenant bien cest ça bonjour cordialement et
muchas mil por su tu ayuda respuesta rápida todo ya ahora está bien y hola saludos cordiales un saludo atentamente nuevo
mille tante molte per il la laiuto vostro supporto risposta tutto ora adesso di nuovo bene a e buongiorno ciao salve saluti
cordiali distinti
je u hartelijk voor hulp snelle het nu weer alles goed hallo groet groeten vriendelijke met en
muito muita pela pelo ajuda resposta tudo agora de novo bem olá cumprimentos atenciosamente já
bardzo za pomoc odpowiedź szybką już wszystko teraz znowu dobrze pozdrawiam pozdrowienia dobry dzień
mange tusen tusind hjælpen hjelpen hjælp hjelp svaret hurtige raske igen igjen alt godt det er nå nu og hilsen venlig vennlig
hilsner for fint";

/// What was wrong: well only together with a word that it is over.
const TROUBLE: &str = "
problem issue case ticket help hilfe fall anfrage ongelma asia tapaus problemet ärendet problème problema caso probleem
problemer sak sagen sprawa problemet";

/// Words that are thanks and nothing else: they do not say that something is over.
const ONLY_POLITE: &str = "
thanks thank thx ty tnx cheers appreciated danke dank dankeschön vielen besten herzlichen kiitos kiitoksia kiitti tack tackar
merci gracias grazie bedankt obrigado obrigada dziękuję dziękujemy dzięki tak takk ok okay great super";

/// A sentence that begins with one of these may be a question without its mark.
const ASKS: &str = "is ist on är est está è é jest er";

/// Signs that say the same as the words.
const SIGNS: &str = "👍🙏😊🙂😀😃😄😁🎉❤✅👌💯\u{fe0f}🏻🏼🏽🏾🏿";
/// Signs that say nothing.
const MARKS: &str = ".,!:-–—…()\"„“”»«*_~^'’´`|";

/// Whether a mail says nothing but thanks, or that all is well. `names` are those of the people on the ticket.
pub fn is_thanks<'a>(mail: &Mail, names: impl Iterator<Item = &'a str>) -> bool {
    let text = mail.reply_text.to_lowercase().replace(['\'', '’'], "");
    let sad = [":(", ":-(", "://", "www."].iter().any(|mark| text.contains(mark));
    let strange = |c: char| !(c.is_alphanumeric() || c.is_whitespace() || SIGNS.contains(c) || MARKS.contains(c));
    if !mail.attachments.is_empty() || sad || text.chars().any(strange) {
        return false;
    }
    let names: Vec<String> = names.flat_map(words).collect();
    let said: Vec<String> = words(&text).filter(|word| !names.contains(word)).collect();
    let has = |list: &str| said.iter().any(|word| is_in(word, list));
    let over = said.iter().any(|word| is_in(word, THANKS) && !is_in(word, ONLY_POLITE));
    let known = |word: &String| {
        is_in(word, THANKS) || is_in(word, AROUND) || is_in(word, TROUBLE) && (over || is_help(&said, word))
    };
    let asks = text.split(['.', '!', ',', '\n']).any(|part| words(part).next().is_some_and(|word| is_in(&word, ASKS)));
    let cheerful = text.chars().any(|c| SIGNS.contains(c));
    said.len() <= MAX_WORDS && !asks && said.iter().all(known) && (has(THANKS) || cheerful)
}

/// "Thanks for your help": it does not ask for any.
fn is_help(said: &[String], word: &str) -> bool {
    matches!(word, "help" | "hilfe") && said.first().is_some_and(|first| first != word)
}

fn is_in(word: &str, list: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::is_thanks;
    use crate::mail;

    fn thanks(words: &str) -> bool {
        let raw = format!(
            "From: Anna Schmidt <anna@customer.test>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
            words.replace('\n', "\r\n")
        );
        is_thanks(&mail::read(raw.as_bytes()), ["Anna Schmidt", "Erkki Virtanen"].into_iter())
    }

    #[test]
    fn thanks_in_many_languages() {
        for words in [
            "Thanks!",
            "Thank you so much, it works now.\n\nBest regards,\nAnna",
            "Hi Erkki, thanks for your quick help! Anna",
            "Solved 👍",
            "OK.",
            "👍",
            "Problem solved, thank you very much.",
            "Vielen Dank, jetzt läuft es wieder.\n\nMit freundlichen Grüßen\nAnna Schmidt",
            "Danke für die schnelle Hilfe, Problem gelöst!",
            "Super, danke :-)",
            "Kiitos paljon avusta, nyt toimii!\n\nYstävällisin terveisin\nAnna",
            "Kiitos, ongelma ratkesi.",
            "Tack så mycket för hjälpen, nu fungerar det!",
            "Merci beaucoup, ça marche maintenant. Cordialement, Anna",
            "Muchas gracias, ya funciona todo.",
            "Grazie mille, ora funziona.",
            "Hartelijk bedankt, het werkt weer.",
            "Muito obrigada, tudo resolvido.",
            "Dziękuję bardzo za pomoc, już działa.",
            "Mange tak for hjælpen, det virker nu.",
            "Tusen takk, det fungerer igjen.",
        ] {
            assert!(thanks(words), "{words}");
        }
    }

    #[test]
    fn whatever_else_is_said_reopens() {
        for words in [
            "",
            "Thanks, but it still fails.",
            "Thanks. Does it work for the others too?",
            "Thanks, the second machine stopped.",
            "Thank you. It does not work.",
            "It works :-(",
            "Thanks for nothing.",
            "Help! Thanks.",
            "The problem again, thanks.",
            "Is it solved, thanks",
            "Thanks, see https://files.example.test/log",
            "Danke, läuft fast.",
            "Danke, aber der Drucker blinkt noch.",
            "Danke, geht leider nicht.",
            "Kiitos, mutta ei toimi.",
            "Ei toimi vieläkään, kiitos.",
            "Tack, men det fungerar inte.",
            "Merci, ça marche plus.",
            "Gracias, no funciona.",
            "Grazie, non funziona.",
            "Bedankt, het werkt niet.",
            "Obrigado, não funciona.",
            "Dziękuję, nie działa.",
            "Tak, det virker ikke.",
            "Takk, men hva med skriveren?",
            "Thanks 👎",
            "Thanks thanks thanks thanks thanks thanks thanks thanks thanks thanks thanks thanks thanks",
        ] {
            assert!(!thanks(words), "{words}");
        }
    }
}
