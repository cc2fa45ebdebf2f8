"""Words to build titles, bodies and people from, in three languages side by side; all of it invented."""

from functools import lru_cache

from app.domain.texts import LANGS, Titles

Words = tuple[str, str, str]  # ar, fr, en

ACTS: tuple[Words, ...] = (
    ("إحداث", "Créer", "Set up"),
    ("تطوير", "Développer", "Develop"),
    ("تعميم", "Généraliser", "Extend everywhere"),
    ("تقييم", "Évaluer", "Assess"),
    ("تمويل", "Financer", "Fund"),
    ("تحيين", "Actualiser", "Update"),
    ("تجريب", "Expérimenter", "Pilot"),
)
OBJECTS: tuple[Words, ...] = (
    ("شباك الاستقبال", "le guichet d’accueil", "the welcome desk"),
    ("دليل المساطر", "le guide des procédures", "the guide to procedures"),
    ("منصة المعطيات", "la plateforme de données", "the data platform"),
    ("برنامج التكوين", "le programme de formation", "the training programme"),
    ("وحدة التبريد", "l’unité de froid", "the cold store"),
    ("مختبر المطابقة", "le laboratoire de conformité", "the conformity laboratory"),
    ("صندوق الضمان", "le fonds de garantie", "the guarantee fund"),
    ("خط النقل", "la ligne de transport", "the transport line"),
    ("سجل الجودة", "le registre de qualité", "the quality register"),
    ("خلية المواكبة", "la cellule d’accompagnement", "the support unit"),
    ("معرض المنتوجات", "le salon des produits", "the product fair"),
    ("خريطة العقار", "la carte du foncier", "the land map"),
    ("رمز المنشأ", "le signe d’origine", "the mark of origin"),
)
BENEFICIARIES: tuple[Words, ...] = (
    ("لفائدة المقاولات الصغرى", "pour les petites entreprises", "for small firms"),
    ("لفائدة التعاونيات", "pour les coopératives", "for cooperatives"),
    ("لفائدة الصناع التقليديين", "pour les artisans", "for craftspeople"),
    ("لفائدة المصدرين الجدد", "pour les nouveaux exportateurs", "for new exporters"),
    ("لفائدة الفلاحين", "pour les agriculteurs", "for farmers"),
    ("لفائدة الشباب حاملي المشاريع", "pour les jeunes porteurs de projets", "for young founders"),
    ("لفائدة النساء المقاولات", "pour les femmes entrepreneures", "for women entrepreneurs"),
    ("لفائدة جماعات الجبل", "pour les communes de montagne", "for mountain communes"),
    ("لفائدة مهنيي الصيد", "pour les professionnels de la pêche", "for fishing crews"),
    ("لفائدة ناقلي البضائع", "pour les transporteurs", "for hauliers"),
    ("لفائدة الطلبة", "pour les étudiants", "for students"),
)
# Slug, then the kind of body; each region has one of each.
BODIES: tuple[tuple[str, Words], ...] = (
    ("chambre-commerce", ("غرفة التجارة والصناعة", "Chambre de commerce et d’industrie", "Chamber of commerce")),
    ("chambre-artisanat", ("غرفة الصناعة التقليدية", "Chambre d’artisanat", "Chamber of crafts")),
    ("chambre-agricole", ("الغرفة الفلاحية", "Chambre d’agriculture", "Chamber of agriculture")),
    ("centre-investissement", ("المركز الجهوي للاستثمار", "Centre d’investissement", "Investment centre")),
    ("conseil-region", ("مجلس الجهة", "Conseil de la région", "Regional council")),
    ("direction-commerce", ("مديرية التجارة", "Direction du commerce", "Directorate of trade")),
    ("direction-douanes", ("مديرية الجمارك", "Direction des douanes", "Directorate of customs")),
    ("direction-agriculture", ("مديرية الفلاحة", "Direction de l’agriculture", "Directorate of agriculture")),
    ("direction-peche", ("مندوبية الصيد", "Délégation de la pêche", "Fisheries office")),
    ("direction-equipement", ("مديرية التجهيز", "Direction de l’équipement", "Directorate of public works")),
    ("direction-emploi", ("مديرية التشغيل", "Direction de l’emploi", "Directorate of employment")),
    ("formation", ("مندوبية التكوين المهني", "Délégation de la formation", "Vocational training office")),
    ("universite", ("الجامعة", "Université", "University")),
    ("exportateurs", ("جمعية المصدرين", "Association des exportateurs", "Exporters’ association")),
    ("cooperatives", ("اتحاد التعاونيات", "Union des coopératives", "Union of cooperatives")),
    ("logistique", ("وكالة اللوجستيك", "Agence de la logistique", "Logistics agency")),
    ("normalisation", ("مكتب المطابقة", "Bureau de la conformité", "Conformity office")),
)
POSTS: tuple[Words, ...] = (
    ("مكلف بالتتبع", "Chargé du suivi", "Follow-up officer"),
    ("المدير", "Directeur", "Director"),
)
THEMES: tuple[tuple[str, Words], ...] = (
    ("exports", ("التصدير", "Exportation", "Exports")),
    ("customs", ("الجمارك", "Douanes", "Customs")),
    ("financing", ("التمويل", "Financement", "Financing")),
    ("training", ("التكوين", "Formation", "Training")),
    ("crafts", ("الصناعة التقليدية", "Artisanat", "Crafts")),
    ("farming", ("الفلاحة", "Agriculture", "Farming")),
    ("fishing", ("الصيد", "Pêche", "Fishing")),
    ("transport", ("النقل", "Transport", "Transport")),
    ("land", ("العقار", "Foncier", "Land")),
    ("quality", ("الجودة", "Qualité", "Quality")),
    ("digital", ("الرقمنة", "Numérique", "Digital")),
    ("water", ("الماء", "Eau", "Water")),
    ("energy", ("الطاقة", "Énergie", "Energy")),
    ("youth", ("الشباب", "Jeunesse", "Youth")),
    ("women", ("النساء", "Femmes", "Women")),
)
FIRST_NAMES = (("سعيدة", "Saida"), ("مريم", "Meryem"), ("هدى", "Houda"), ("زينب", "Zineb"), ("لبنى", "Loubna"),
               ("نجاة", "Najat"), ("فاطمة", "Fatima"), ("حسن", "Hassan"), ("طارق", "Tarik"), ("مصطفى", "Mostafa"),
               ("عادل", "Adil"), ("يونس", "Younes"), ("بدر", "Badr"), ("سمير", "Samir"), ("نوفل", "Naoufal"),
               ("إلياس", "Ilyas"), ("كوثر", "Kaoutar"), ("رجاء", "Rajae"))  # fmt: skip
FAMILY_NAMES = (("الزيتوني", "Zitouni"), ("المرابط", "Lamrabet"), ("الصغير", "Sghir"), ("الودغيري", "Oudghiri"),
                ("السباعي", "Sbai"), ("الخياط", "Khayat"), ("النجار", "Najjar"), ("الحداد", "Haddad"),
                ("الصفريوي", "Sefrioui"), ("التطواني", "Tetouani"), ("الورزازي", "Ouarzazi"), ("الزموري", "Zemmouri"),
                ("الدكالي", "Doukkali"), ("الشاوي", "Chaoui"), ("الريفي", "Rifi"), ("السوسي", "Soussi"),
                ("الفلالي", "Filali"), ("الغرباوي", "Gharbaoui"))  # fmt: skip
ASKED: Words = ("يوصي المشاركون بضرورة", "Les participants recommandent de", "The participants ask those in charge to")
OPENING: Words = (
    "اجتمع المشاركون وتدارسوا ما يعيق النشاط الاقتصادي بالجهة، وخلصوا إلى ما يلي.",
    "Les participants ont examiné ce qui freine l’activité de la région et conviennent de ce qui suit.",
    "The participants looked at what holds back the region’s economy and agreed on the following.",
)
MEETING: Words = ("اللقاء الجهوي رقم", "Rencontre régionale n°", "Regional meeting no.")
PROGRAMME: Words = ("برنامج اللقاءات الجهوية", "Programme des rencontres régionales", "Programme of regional meetings")
SAID: tuple[Words, ...] = (
    ("عقد اجتماع مع الأطراف المعنية", "Réunion tenue avec les parties concernées", "Met with those concerned"),
    ("أعدت دراسة أولية", "Une première étude est prête", "A first study is ready"),
    ("وقعت الاتفاقية", "La convention est signée", "The agreement is signed"),
    ("أطلق طلب العروض", "L’appel d’offres est lancé", "The tender is out"),
    ("انطلقت الأشغال", "Les travaux ont commencé", "Work has begun"),
)
DONE: Words = ("اكتمل العمل وسلم", "Le travail est terminé et remis", "The work is finished and handed over")
REASON: Words = ("لم تعد الظروف تسمح بذلك", "Les conditions ne le permettent plus", "Circumstances no longer allow it")
REMOVER: Words = ("اللجنة الجهوية", "La commission régionale", "The regional committee")
DOCUMENT: Words = ("محضر التسليم", "Procès-verbal de réception", "Record of acceptance")


@lru_cache(maxsize=4096)
def titles(*parts: Words) -> Titles:
    """The parts joined in each language; the same few thousand again and again, for nobody to change."""
    return {lang: " ".join(part[place] for part in parts) for place, lang in enumerate(LANGS)}


def say(words: Words, lang: str) -> str:
    return words[LANGS.index(lang)]
