# ruff: noqa: E501 - tables of names and sentences, one a line
"""Given and family names by culture, our own small selection, with Latin spellings for e-mail addresses.

A culture has one or more groups; names are combined within a group only, because some languages
inflect family names. "native:latin" where the script is not Latin; "_" stands for a space.
"""

Group = tuple[str, str]

NAME_TABLES: dict[str, tuple[Group, ...]] = {
    "en": ((
        "Amelia Oliver Grace Harry Isla Thomas Freya Jack Hannah Samuel Ruby Daniel Alice Edward Zoë Callum Chloë Liam Maeve Owen Siân Nathan Rowan Morgan Jamie",
        "Ashworth Bennett Carter Davies Ellison Fletcher Griffiths Harding Ingram Jenkins Kendall Lawson Mercer Norris O'Brien Pearson Quigley Reeves Shaw Turner Underwood Vaughan Whitaker Yates Smith-Hall",
    ),),
    "de": ((
        "Lena Jonas Marie Felix Hannah Lukas Käthe Jürgen Anneliese Björn Clara Matthias Greta Sören Johanna Tobias Ute Günther Frieda Moritz Elke Rüdiger",
        "Müller Schröder Böhm Krüger Fischer Vogel Jäger Lehmann Großmann Köhler Brandt Weiß Hartmann Schäfer Lindner Ziegler Bäcker Thönes Oßwald Ackermann Kühn Reuter",
    ),),
    "fr": ((
        "Camille Hugo Chloé Léa Étienne Anaïs François Élodie Gaël Inès Théo Maëlle Noël Océane Rémi Solène Benoît Aurélie Jean-Luc Marie-Ève Lucas Zoé",
        "Lefèvre Dubois Béranger Garçon Moreau Hélie D'Arcy Boucher Girard Périer Rousseau Châtelain Fournier Gauthier L'Hôte Mercier Noël Ouvrard Pelletier Renaud Thévenet Vasseur",
    ),),
    "es": ((
        "Lucía Mateo Sofía Hugo María José Ángel Begoña Iñigo Carmen Andrés Pilar Raúl Itziar Joaquín Nuria Óscar Rocío Tomás Ximena Álvaro Inés",
        "García_López Núñez Martínez_Ruiz Peña Ibáñez Gutiérrez Muñoz_Vidal Cañizares Domínguez Vázquez Ortiz_de_Zárate Sáenz Jiménez Castaño Benítez Hernández Quiñones Yáñez Zúñiga Roldán",
    ),),
    "pl": (
        ("Agnieszka Małgorzata Żaneta Katarzyna Łucja Zofia Bożena Grażyna Wanda Elżbieta", "Kowalska Wiśniewska Wójcik Nowak Zielińska Dąbrowska Pawłowska Źrebiec Kaczmarek Mazur"),
        ("Łukasz Paweł Wojciech Krzysztof Michał Stanisław Grzegorz Sławomir Jerzy Bartłomiej", "Kowalski Wiśniewski Wójcik Nowak Zieliński Dąbrowski Pawłowski Kaczmarek Mazur Sęk"),
    ),
    "sv": ((
        "Åsa Björn Elin Gösta Ingrid Jörgen Karin Linnéa Måns Nils Örjan Pär Saga Sören Tuva Ylva",
        "Åkesson Bergström Dahl Ekström Forsberg Grönlund Håkansson Lindqvist Malm Nyström Öberg Sjöberg Söderlund Törnqvist Wallin Ås",
    ),),
    "tr": ((
        "Ayşe Mehmet Çağla Emre Gülşen İbrahim Özge Şule Uğur Yağmur Deniz Umut Işıl Kerem",
        "Yılmaz Çelik Şahin Öztürk Aydın Güneş Kılıç Doğan Işık Erdem Koç Ünal",
    ),),
    "vi": ((
        "Anh Bình Cường Dũng Hằng Hương Khánh Linh Minh Ngọc Phương Thảo Tuấn Việt",
        "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ",
    ),),
    "ng": ((
        "Ada Chidi Ngozi Emeka Amara Olúmídé Yétúndé Fúnmiláyọ̀ Tunde Aisha Ibrahim Halima Obinna Ifeoma Kehinde Zainab Uche Bukola Segun Nneka",
        "Okafor Adeyemi Nwosu Balógun Eze Ọlátúnjí Bello Okonkwo Danjuma Afọlábí Obi Uzoma Adébáyọ̀ Yusuf Chukwu Lawal Mohammed Akande",
    ),),
    "ar": ((
        "محمد:Mohammed فاطمة:Fatima أحمد:Ahmed ليلى:Layla يوسف:Youssef مريم:Mariam عمر:Omar نور:Nour خالد:Khaled هدى:Huda حسن:Hassan سلمى:Salma طارق:Tariq رانيا:Rania كريم:Karim دينا:Dina سامر:Samer آية:Aya زينب:Zaynab إبراهيم:Ibrahim",
        "الحداد:Alhaddad المصري:Almasri خوري:Khoury النجار:Alnajjar عبد_الرحمن:Abdelrahman السعدي:Alsaadi حمدان:Hamdan الشامي:Alshami منصور:Mansour بركات:Barakat القاسم:Alqasim زيدان:Zidan العلي:Alali صالح:Saleh درويش:Darwish الفارس:Alfares",
    ),),
    "bg": (
        ("Мария:Maria Елена:Elena Десислава:Desislava Йоана:Yoana Цветелина:Tsvetelina Ваня:Vanya Ралица:Ralitsa Гергана:Gergana", "Иванова:Ivanova Петрова:Petrova Димитрова:Dimitrova Георгиева:Georgieva Стоянова:Stoyanova Колева:Koleva Желева:Zheleva Тодорова:Todorova"),
        ("Георги:Georgi Димитър:Dimitar Николай:Nikolay Стефан:Stefan Борислав:Borislav Пламен:Plamen Йордан:Yordan Златко:Zlatko", "Иванов:Ivanov Петров:Petrov Димитров:Dimitrov Георгиев:Georgiev Стоянов:Stoyanov Колев:Kolev Желев:Zhelev Тодоров:Todorov"),
    ),
    "uk": ((
        "Оксана:Oksana Андрій:Andrii Юлія:Yuliia Тарас:Taras Ірина:Iryna Богдан:Bohdan Наталія:Nataliia Євген:Yevhen Соломія:Solomiia Дмитро:Dmytro Ганна:Hanna Ярослав:Yaroslav",
        "Шевченко:Shevchenko Коваленко:Kovalenko Бондаренко:Bondarenko Ткачук:Tkachuk Мельник:Melnyk Їжак:Yizhak Савчук:Savchuk Гнатюк:Hnatiuk Литвин:Lytvyn Дзюба:Dziuba Поліщук:Polishchuk Марченко:Marchenko",
    ),),
    "el": (
        ("Μαρία:Maria Ελένη:Eleni Αικατερίνη:Aikaterini Σοφία:Sofia Ιωάννα:Ioanna Χριστίνα:Christina Δέσποινα:Despina Άννα:Anna", "Παπαδοπούλου:Papadopoulou Γεωργίου:Georgiou Νικολάου:Nikolaou Οικονόμου:Oikonomou Βλάχου:Vlachou Δημητρίου:Dimitriou Αθανασίου:Athanasiou Μακρή:Makri"),
        ("Γιώργος:Giorgos Δημήτρης:Dimitris Κωνσταντίνος:Konstantinos Νίκος:Nikos Παναγιώτης:Panagiotis Σπύρος:Spyros Αλέξανδρος:Alexandros Χρήστος:Christos", "Παπαδόπουλος:Papadopoulos Γεωργίου:Georgiou Νικολάου:Nikolaou Οικονόμου:Oikonomou Βλάχος:Vlachos Δημητρίου:Dimitriou Αθανασίου:Athanasiou Μακρής:Makris"),
    ),
    "hi": ((
        "आरव:Aarav प्रिया:Priya अर्जुन:Arjun दीपिका:Deepika रोहन:Rohan अनन्या:Ananya विक्रम:Vikram मीरा:Meera संजय:Sanjay नेहा:Neha कबीर:Kabir पूजा:Pooja राहुल:Rahul सुनीता:Sunita इशान:Ishaan लक्ष्मी:Lakshmi",
        "शर्मा:Sharma पटेल:Patel सिंह:Singh गुप्ता:Gupta अय्यर:Iyer देशमुख:Deshmukh चौधरी:Chaudhary जोशी:Joshi मेहता:Mehta राव:Rao मिश्रा:Mishra कुलकर्णी:Kulkarni नायर:Nair बोस:Bose",
    ),),
    "zh": ((
        "伟:Wei 芳:Fang 秀英:Xiuying 磊:Lei 静怡:Jingyi 子涵:Zihan 浩然:Haoran 雨桐:Yutong 建国:Jianguo 欣怡:Xinyi 思远:Siyuan 晓梅:Xiaomei 志强:Zhiqiang 婷:Ting",
        "王:Wang 李:Li 张:Zhang 刘:Liu 陈:Chen 杨:Yang 黄:Huang 赵:Zhao 吴:Wu 周:Zhou 徐:Xu 孙:Sun 欧阳:Ouyang 郭:Guo",
    ),),
    "ja": ((
        "陽菜:Hina 蓮:Ren さくら:Sakura 大翔:Hiroto 美咲:Misaki 健太:Kenta ゆい:Yui 翔太:Shota あかり:Akari 直樹:Naoki 真由美:Mayumi ひろし:Hiroshi エミ:Emi 悠真:Yuma",
        "佐藤:Sato 鈴木:Suzuki 高橋:Takahashi 田中:Tanaka 渡辺:Watanabe 伊藤:Ito 山本:Yamamoto 中村:Nakamura 小林:Kobayashi 加藤:Kato 吉田:Yoshida 山田:Yamada 井上:Inoue 木村:Kimura",
    ),),
    "ko": ((
        "서연:Seoyeon 민준:Minjun 지우:Jiwoo 하윤:Hayoon 도현:Dohyun 수빈:Subin 예준:Yejun 은지:Eunji 지훈:Jihoon 유나:Yuna 현우:Hyunwoo 보라:Bora 성민:Sungmin 다은:Daeun",
        "김:Kim 이:Lee 박:Park 최:Choi 정:Jung 강:Kang 조:Cho 윤:Yoon 장:Jang 임:Lim 한:Han 오:Oh 신:Shin 남궁:Namgung",
    ),),
    "he": ((
        "נועה:Noa דוד:David תמר:Tamar יוסף:Yosef מאיה:Maya איתן:Eitan שירה:Shira אורי:Uri יעל:Yael דניאל:Daniel רות:Ruth עומר:Omer מיכל:Michal אלון:Alon",
        "כהן:Cohen לוי:Levi מזרחי:Mizrahi פרץ:Peretz ביטון:Biton אברהם:Avraham פרידמן:Friedman שפירא:Shapira אזולאי:Azoulay ברק:Barak גולן:Golan שלום:Shalom",
    ),),
}  # fmt: skip
