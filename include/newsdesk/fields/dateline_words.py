"""Words in capitals that are no places: labels, weekdays, and what papers call their sections."""

from __future__ import annotations

LABELS = frozenset(
    [
        *("nato", "opec", "uefa", "fifa", "unesco", "unicef", "breaking", "update", "exclusive"),
        *("opinion", "analysis", "watch", "video", "photos", "photo", "live", "editorial", "news"),
        *("column", "review", "interview", "explainer", "note", "warning", "correction", "poll"),
        *("advertisement", "related", "question", "answer", "read more", "editor's note", "fact"),
        *("breaking news", "world", "politics", "sports", "business", "home", "updated", "faq"),
        *("related topics", "topics", "keywords", "tags", "photogallery", "photo gallery"),
        *("exclusiva", "exclusivo", "esclusiva", "exclusif", "exklusiv", "urgente", "eilmeldung"),
        *("en vivo", "ao vivo", "en direct", "última hora", "ultima ora", "son dakika", "özel"),
        *("covid", "covid-19", "the", "local", "gallery", "podcast", "listen", "quiz", "recipe"),
    ]
)
"""What stands before a dash or a colon in capitals and is no place."""

WORDS = frozenset(
    [
        *("share", "subscribe", "trending", "facebook", "twitter", "whatsapp", "login", "log"),
        *("sign", "listen", "premium", "sport", "news", "updated", "posted", "published"),
        *("photo", "photos", "lifestyle", "economy", "politics", "business", "opinion"),
        *("culture", "by", "with", "story", "newsletter", "kommentar", "gündem"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("pazartesi", "salı", "sali", "çarşamba", "perşembe", "cuma", "cumartesi", "pazar"),
        *("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
        *("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        *("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        *("update", "correction", "editor", "note", "christmas", "easter", "halloween", "inc"),
    ]
)
"""Words of labels and weekdays: a line of capitals that has one is no place."""

SECTIONS = frozenset(
    [
        *("cronaca", "politica", "economia", "esteri", "società", "cultura", "interni"),
        *("política", "economía", "sociedad", "deportes", "mundo", "sucesos", "actualidad"),
        *("politique", "société", "économie", "monde", "actualité", "actualités", "culture"),
        *("politik", "wirtschaft", "gesellschaft", "kultur", "panorama", "inland", "ausland"),
        *("binnenland", "buitenland", "samenleving", "inrikes", "utrikes", "kotimaa", "ulkomaat"),
        *("polityka", "gospodarka", "kraj", "świat", "społeczeństwo", "politika", "ekonomika"),
        *("svet", "svět", "domov", "zahraničí", "belföld", "külföld", "gazdaság", "društvo"),
        *("κοινωνία", "κοινωνια", "πολιτική", "πολιτικη", "οικονομία", "οικονομια", "διεθνή"),
        *("διεθνη", "κόσμος", "κοσμος", "αθλητικά", "αθλητικα", "πολιτισμός", "πολιτισμος"),
        *("политика", "общество", "экономика", "мир", "спорт", "культура", "происшествия"),
        *("політика", "суспільство", "економіка", "світ", "новости", "новини"),
        *("dünya", "siyaset", "ekonomi", "yaşam", "kültür", "spor", "sağlık", "magazin"),
        *("opinión", "tribuna", "internacional", "nacional", "cidades", "esportes"),
    ]
)
"""Words of what papers call their sections: a line beside a date that has one is no place."""
