"""What on a page is no part of a story, told by what it calls itself and by how it is written.

The words are those that templates of newspapers use in class names and that papers print around
stories, in the languages they are printed in; no paper is named.
"""

from __future__ import annotations

import re

from newsdesk.reading.lines import Box, Line

TAGS = frozenset(
    [
        *("nav", "footer", "aside", "form", "button", "figure", "figcaption", "picture", "video"),
        *("audio", "object", "embed", "canvas", "dialog", "menu", "map", "amp-img", "amp-ad"),
        *("amp-carousel", "amp-social-share", "amp-sidebar", "fieldset", "input", "label", "time"),
    ]
)

_LABELS = re.compile(
    r"(?<![a-z])(?:"
    r"comments?|commenting|disqus|related(?:articles?|stories|posts?|content)?|recommend\w*"
    r"|newsletters?|sign-?up|subscri(?:be|ption)\w*|promos?|promotion\w*|advert\w*|ads?|adv|adslot"
    r"|adunit|adbox|sponsor\w*|share|sharing|shares|social\w*|sidebar|footer|nav|navigation|navbar"
    r"|menu|breadcrumbs?|popup|modal|overlay|cookies?|consent|gdpr|banner|teasers?|most-?read"
    r"|most-?popular|trending|popular|read-?more|read-?also|also-?read|more-?on|more-?stories"
    r"|outbrain|taboola|toolbar|tooltip|captions?|photo-?credit|image-?credit|credits?|copyright"
    r"|byline|bylines|author|authors|author-?(?:bio|box|info|card|name|profile)|bio|meta|metadata"
    r"|dateline-?date|pubdate|publish(?:ed)?-?(?:date|time|info)|timestamp|tags?|tag-?list"
    r"|taglist|topics?|keywords|rating|ratings|pagination|pager|login|is-hidden|hidden|sr-only"
    r"|visually-?hidden|screen-?reader\w*|carousel|slider|slideshow|gallery|audio\w*|player"
    r"|video-?(?:player|caption|info|title)|disclaimer|feedback|survey|poll|quiz|donate|donation"
    r"|membership|upsell|cta|call-?to-?action|inline-?link|jump-?link|toc|table-?of-?contents"
    r"|see-?also|next-?(?:article|story|post)|prev(?:ious)?-?(?:article|story|post)|whatsapp"
    r"|telegram|follow-?us|follow|hatom-?extra|skip-?link|noprint|no-?print|print-?only|ticker"
    r"|reactions?|embed-?caption|kicker|eyebrow|listen|podcast-?promo|app-?promo|download-?app"
    r"|legal|notice|alert|toolbox|live-?ticker-?nav|ratingbox|articleinfo|reading-?time"
    r")(?![a-z])"
)
_NEVER = re.compile(r"(?<![a-z])(?:newsletters?|cookies?|consent|gdpr|disqus|recaptcha)(?![a-z])")
_WORD = re.compile(r"[a-z]{2,}")
BODY = re.compile(
    r"article-?_*(?:body|content|text|copy|main)|story-?_*(?:body|content|text|copy)"
    r"|(?:post|entry|news|single|blog|page|node|detail)s?-?_*(?:body|content|text|detail)"
    r"|body-?_*(?:copy|text|content)|rich-?text|(?<![a-z])prose(?![a-z])|articlebody|texto-?noticia"
)

_SKIP = re.compile(
    r"(?i)^\W*(?:advertisement|advertise?ment|anzeige|publicidad|publicité|pubblicità|werbung|reklam|sponsored"
    r"|(?:read|see|watch|listen)(?: more| also| next| too| now)?\s*[:|»>…]|(?:also|further) read(?:ing)?\b.{0,160}$"
    r"|read (?:more|also|next|the full|our)\b.{0,160}$|more (?:on|from|in|about) .{0,60}:|related(?: (?:stories|articles?|news|content|topics|coverage|links|reading|posts|video))?\s*(?:[:|].*)?$"
    r"|related\s*:|recommended\s*(?:[:|].*)?$|lesen sie (?:auch|mehr|hier|dazu)\b|mehr zum thema|lesen sie auch"
    r"|(?:lee|leia|lea|leer|ler) (?:también|tambien|también|também|más|mas|mais)\b|te puede interesar|"
    r"(?:à|a) lire (?:aussi|également)|lire aussi|leggi anche|lees ook|læs også|les også|läs också|lue myös"
    r"|czytaj (?:też|także|również)|přečtěte si|olvassa el|ayrıca (?:oku|bakınız)|ilgili haber|baca juga|читайте (?:также|ещё)"
    r"|share (?:this|on|via)\b|follow us\b|follow .{1,40} on (?:twitter|facebook|instagram|x|social)\b|sign up (?:for|to|here|now)\b.{0,200}$|subscribe (?:to|now|here|for)\b.{0,200}$|click here\b.{0,120}$"
    r"|(?:get|receive) (?:the|our|all|your) .{0,80}(?:newsletter|inbox|alerts|updates)\b.{0,80}$|enter your email|your email"
    r"|scroll (?:down )?(?:to|for)|story continues|article continues|continue reading|continues below|this video (?:is|can)|"
    r"(?:loading|please wait)\W*$|play video|watch (?:live|now|video|the video|below)\W*$|image source|image caption|media caption|getty images$|copyright\b|©|\(c\) ?\d{4}|all rights reserved"
    r"|this (?:site|page) is protected by recaptcha|to (?:view|see|watch) this (?:video|content)|we use cookies|this content is|view comments|show comments"
    r"|(?:\d+ )?comments?\W*$|leave a (?:comment|reply)|tags?\s*:|topics?\s*:|keywords?\s*:|filed under|etiketler|share\W*$|print\W*$|e?-?mail\W*$|facebook\W*$|twitter\W*$|whatsapp\W*$|copy link"
    r"|(?:published|updated|posted|last updated|first published|aktualisiert|publicado|actualizado|publié|mis à jour|veröffentlicht)\b.{0,60}\d{4}.{0,40}$"
    r"|if you purchase a product or (?:register|sign up)|have a tip\b|our journalism needs|this document is subject to copyright|.{0,60}may be reached at\b|by entering your email|by signing up\b|thank you for (?:reading|subscribing|signing)|support (?:our|independent) journalism|download (?:the|our) .{0,40}app\b|ad feedback"
    r"|(?:do )?you have (?:a story|news)|got a (?:story|tip|news)|contact (?:us|the author|the newsroom)\b"
    r")"
)
_END_HEADING = re.compile(
    r"(?i)^\W*(?:(?:related )?topics|tags|keywords|key words|كلمات مفتاحية|related(?: (?:stories|articles?|news|content|topics|coverage|links|posts|reading))?|recommended(?: for you| stories)?|more (?:from|on|like|stories|news|in|about)\b.{0,60}|read (?:more|next|also)|you (?:may|might) (?:also )?(?:like|be interested).*"
    r"|most (?:read|popular|viewed|commented)|trending(?: now)?|popular(?: (?:stories|posts|now))?|comments?(?: \(\d+\))?|leave a (?:comment|reply)|join the (?:conversation|discussion)|about the authors?|latest (?:news|stories|posts|from).{0,40}|what to read next|top stories|editor'?s'? picks?|around the web|sponsored(?: content| stories)?|share this(?: article| story| post)?"
    r"|(?:das könnte (?:sie|dich|ihnen) auch|mehr (?:zum thema|artikel|aus)|auch interessant|lesen sie auch|weitere (?:artikel|themen|meldungen)|meistgelesen|kommentare?).{0,60}"
    r"|(?:más (?:noticias|sobre|en|información)|noticias relacionadas|te puede interesar|lo más (?:leído|visto)|relacionad[oa]s|comentarios|temas relacionados).{0,60}"
    r"|(?:sur le même (?:sujet|thème)|à lire aussi|les plus lus|commentaires|leggi anche|più letti|potrebbe interessarti|leia (?:também|mais)|mais lidas|veja também|læs også|les også|läs mer|lees ook|meer (?:over|nieuws)).{0,60}"
    r"|(?:ilgili haberler|çok okunanlar|yorumlar|etiketler|читайте также|похожие|اقرأ أيضا|ذات صلة|مواضيع ذات صلة).{0,60}"
    r")\W*$"
)


def is_junk(box: Box) -> bool:
    """Whether an element says that it is no part of a story's text."""
    if box.tag in TAGS or box.tag.startswith("amp-"):
        return True
    return len(box.label) > 1 and bool(_LABELS.search(box.label)) and not BODY.search(box.label)


def is_never(box: Box) -> bool:
    """Whether an element is no story even if it is most of the page."""
    return len(box.label) > 1 and bool(_NEVER.search(box.label))


def words(label: str) -> frozenset[str]:
    """The words of a label: ``article-body__text`` is article, body, text."""
    return frozenset(_WORD.findall(label))


def is_skipped(line: Line) -> bool:
    """Whether a line is one of those that papers print between a story's paragraphs."""
    return len(line.text) < 400 and bool(_SKIP.match(line.text))


def ends_story(line: Line) -> bool:
    """Whether a line is the heading of what follows a story."""
    return len(line.text) <= 80 and bool(_END_HEADING.match(line.text))
